# Socket project, Team 3 - the server
# A message looks like "Client of {name}: {number}".
import re
import socket

HOST = "localhost"
PORT = 12000
SERVER_NAME = "Server of Team 3"
SERVER_NUMBER = 42

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.bind((HOST, PORT))
server.listen()
print(SERVER_NAME, "is up")

running = True
while running:
    connection, address = server.accept()
    message = connection.recv(1024).decode()
    found = re.match(r"Client of (.*): (-?\d+)", message)
    if found is None:
        connection.send(b"I do not understand that")
        connection.close()
        continue
    user = found.group(1)
    number = int(found.group(2))
    combined = number + SERVER_NUMBER

    print(f"\n{user} has connected to {SERVER_NAME}")
    print(f"Client number: {number}")
    print(f"Server number: {SERVER_NUMBER}")
    print(f"Combined number: {combined}")

    connection.send(
        f"Client of {user} ({number}) + {SERVER_NAME} ({SERVER_NUMBER}) = {combined}".encode()
    )
    connection.close()
    if number < 1 or number > 100:
        print("Number out of range, terminating the server")
        running = False

server.close()
