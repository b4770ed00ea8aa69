"""CP372 Assignment 1, Group 3: TCP messaging, the client"""
import os
import socket
import threading

HOST = "localhost"
PORT = 12345


def receive(sock):
    while True:
        try:
            data = sock.recv(1024)
        except OSError:
            break
        if not data:
            break
        print("Received from server:", data.decode(errors="replace"))
    os._exit(0)


sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect((HOST, PORT))
threading.Thread(target=receive, args=(sock,), daemon=True).start()
while True:
    message = input()
    if message:
        sock.sendall(message.encode())
    if message == "exit":
        break
sock.close()
