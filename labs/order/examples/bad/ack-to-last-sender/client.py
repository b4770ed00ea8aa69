# Programming Assignment 3 - TCP client
# Team 21
from socket import *

SERVER_NAME = "10.0.0.1"
SERVER_PORT = 12000

client = socket(AF_INET, SOCK_STREAM)
client.connect((SERVER_NAME, SERVER_PORT))

greeting = client.recv(1024).decode()
print("From Server: " + greeting)

message = input("Enter message to send to server: ")
client.send(message.encode())

answer = client.recv(1024).decode()
print("From Server: " + answer)
client.close()
