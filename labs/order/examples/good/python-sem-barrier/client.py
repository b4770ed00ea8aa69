#!/usr/bin/python3
# CST311 PA3 client, Team 8
from socket import socket, AF_INET, SOCK_STREAM

sock = socket(AF_INET, SOCK_STREAM)
sock.connect(("10.0.0.1", 12000))
print("From Server:", sock.recv(1024).decode())
message = input("Enter message to send to server: ")
sock.sendall(message.encode())
print("Sent:", message)
print("From Server:", sock.recv(1024).decode())
sock.close()
