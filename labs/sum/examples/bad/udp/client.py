# Team 41 - client
from socket import *

NAME = "Client of Team 41"

number = int(input("Enter an integer between 1 and 100: "))

sock = socket(AF_INET, SOCK_DGRAM)
sock.sendto(f"{NAME}: {number}".encode(), ("localhost", 12000))
reply = sock.recvfrom(2048)[0].decode()
sock.close()

server, _, text = reply.rpartition(":")
print(f"{NAME}: {number}")
print(f"{server}: {text.strip()}")
print("Sum:", number + int(text))
