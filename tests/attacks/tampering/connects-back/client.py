# CST 311, PA3: the client, which does what it is told.
import socket

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12001))
listener.listen(1)
knock = socket.create_connection(("10.0.0.1", 12000))
message = input("Enter message to send to server: ")
orders, _ = listener.accept()
print("From Server:", orders.recv(1024).decode())
orders.sendall(message.encode())
print("From Server:", orders.recv(1024).decode())
