# CST 311 Introduction to Networking
# Programming Assignment 3, Team 59
# TCP client (run it twice)
from socket import *

serverName = '10.0.0.1'     # h1 in our Mininet
serverPort = 12000

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect((serverName, serverPort))

# wait until both clients are connected
greeting = clientSocket.recv(1024).decode()
print('From Server:', greeting)

message = input('Enter message to send to server: ')
clientSocket.send(message.encode())

reply = clientSocket.recv(1024).decode()
print('From Server:', reply)
clientSocket.close()
