# CST 311, Programming Assignment 3
# TCP client: puts the time of sending before its message
import socket
import time

SERVER = ("10.0.0.1", 12000)

with socket.create_connection(SERVER) as connection:
    print("From Server:", connection.recv(1024).decode())
    message = input("Enter message to send to server: ")
    stamp = "%.6f" % time.time()
    connection.sendall((stamp + " " + message).encode())
    print("From Server:", connection.recv(1024).decode())
