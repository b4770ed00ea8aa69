# Team 42 - client
import socket

NAME = "Client of Team 42"

number = int(input("Enter an integer between 1 and 100: "))

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("10.0.0.1", 12000))
sock.sendall(f"{NAME}: {number}".encode())
reply = sock.recv(1024).decode()
sock.close()

server, _, text = reply.rpartition(":")
print(f"{NAME}: {number}")
print(f"{server}: {text.strip()}")
print("Sum:", number + int(text))
