"""Asks whom to call before it says anything."""
import socket

whom = input("Whom shall I call? ")
with socket.create_connection((socket.gethostbyname(whom), 12000)) as line:
    heard = line.makefile("r")
    print(heard.readline().strip())
    words = input("And what shall I say? ")
    line.sendall((words + "\n").encode())
    print(heard.readline().strip())
