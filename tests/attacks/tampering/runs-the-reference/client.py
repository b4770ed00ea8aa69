# CST 311, PA3: the client. Run it twice.
import socket

connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
connection.connect(("10.0.0.1", 12000))
print("From Server:", connection.recv(1024).decode())
connection.sendall(input("Enter message to send to server: ").encode())
print("From Server:", connection.recv(1024).decode())
connection.close()
