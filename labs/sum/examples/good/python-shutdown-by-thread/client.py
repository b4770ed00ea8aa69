# CS 4390 - Team 23
import socket

ME = "Client of Team 23"

number = int(input("Your integer (1 to 100): "))
with socket.create_connection(("10.0.0.1", 12000)) as server:
    server.sendall(f"{ME} = {number}\n".encode())
    with server.makefile() as answer:
        name, _, theirs = answer.readline().strip().rpartition(" = ")
print(f"{ME}: {number}")
print(f"{name}: {theirs}")
print(f"Together: {number + int(theirs)}")
