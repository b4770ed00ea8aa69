# PA3, team 11
import socket

with socket.create_connection(("10.0.0.1", 12000)) as server:
    print("From Server:", server.recv(1024).decode())
    server.sendall(input("Enter message to send to server: ").encode())
    print("From Server:", server.recv(1024).decode())
