# Team 12, Project 1, server
import socket

NAME = "Server of Team 12"
VALUE = 42

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind((socket.gethostname(), 65432))
s.listen(5)
print("The server is listening")

value = VALUE
while 1 <= value <= 100:
    connection, address = s.accept()
    print("Connection from", address)
    connection.sendall(("Welcome to the " + NAME).encode())
    message = connection.recv(1024).decode()
    if not message:
        print("The client left without a word")
        connection.close()
        continue
    name, value = message.rsplit(": ", 1)
    value = int(value)
    print(name, "talks to", NAME)
    print("Its value is", value, "and mine is", VALUE)
    print("Total:", value + VALUE)
    connection.sendall((NAME + ": " + str(VALUE)).encode())
    connection.close()

print("A value out of range, the server stops")
s.close()
