# CS 4390, team 29
import socket

CLIENT_NAME = "Client of Team 29"

number = int(input("Integer: "))
with socket.create_connection(("10.0.0.1", 12000)) as s:
    s.sendall(("%s;%d\n" % (CLIENT_NAME, number)).encode())
    name, theirs = s.recv(1024).decode().split(";")
print("%s: %d" % (CLIENT_NAME, number))
print("%s: %d" % (name, int(theirs)))
print("sum: %d" % (number + int(theirs)))
