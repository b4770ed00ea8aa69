# CST 311, PA3: the server.
import socket
import time

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
first = listener.accept()
second = listener.accept()
first[0].recv(1024)
time.sleep(1)
