# Team 41 - server
from socket import *

NAME = "Server of Team 41"
NUMBER = 42

sock = socket(AF_INET, SOCK_DGRAM)
sock.bind(("", 12000))
print("The server is ready to receive")
while True:
    message, address = sock.recvfrom(2048)
    name, _, text = message.decode().rpartition(": ")
    number = int(text)
    print(name, "has connected to", NAME)
    print("Client number:", number, "Server number:", NUMBER, "Sum:", number + NUMBER)
    sock.sendto(f"{NAME}: {NUMBER}".encode(), address)
    if number < 1 or number > 100:
        break
sock.close()
