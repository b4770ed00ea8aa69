# CS 4390, team 33
import socket

ME = "Client of Team 33"
number = int(input("Enter a number from 1 to 100: "))
with socket.create_connection(("10.0.0.1", 12000)) as server:
    server.sendall(f"{ME}|{number}".encode())
    name, theirs = server.recv(1024).decode().split("|")
print(f"{ME}: {number}")
print(f"{name}: {theirs}")
print(f"Sum: {number + int(theirs)}")
