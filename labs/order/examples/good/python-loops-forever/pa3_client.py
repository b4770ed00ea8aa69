# Team 3 - PA3 - TCP client
import socket

serverName = "127.0.0.1"
serverPort = 12000

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((serverName, serverPort))
print("From Server: " + sock.recv(1024).decode())
sentence = input("Enter message to send to server: ")
sock.send(sentence.encode())
print("Message sent to server: " + sentence)
print("From Server: " + sock.recv(1024).decode())
sock.close()
