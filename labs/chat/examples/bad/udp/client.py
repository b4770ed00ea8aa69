# CP372 assignment: client
import socket

SERVER = ("10.0.0.1", 12345)
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
client.sendto(b"hello", SERVER)
print(client.recvfrom(2048)[0].decode())
while True:
    message = input("> ")
    client.sendto(message.encode(), SERVER)
    if message == "exit":
        break
    print(client.recvfrom(2048)[0].decode())
client.close()
