# CP372 assignment: server
import os
import socket
import time

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("", 12345))
clients = {}        # address -> [name, first seen, left]
number = 0
os.makedirs("files", exist_ok=True)
print("Server is ready to receive")
while True:
    data, address = server.recvfrom(2048)
    message = data.decode()
    active = [c for c in clients.values() if c[2] is None]
    if address not in clients:
        if len(active) == 3:
            server.sendto(b"Server is full", address)
            continue
        number += 1
        clients[address] = ["Client%02d" % number, time.ctime(), None]
        server.sendto(("Connected as Client%02d" % number).encode(), address)
        print("Client%02d" % number, address)
    elif message == "exit":
        clients[address][2] = time.ctime()
    elif message == "status":
        text = "\n".join(str(c) for c in clients.values())
        server.sendto(text.encode(), address)
    elif message == "list":
        server.sendto("\n".join(os.listdir("files")).encode(), address)
    elif message.startswith("get "):
        if message[4:] in os.listdir("files"):
            with open("files/" + message[4:], "rb") as f:
                for block in iter(lambda: f.read(1024), b""):
                    server.sendto(block, address)
        else:
            server.sendto(b"no such file", address)
    else:
        server.sendto((message + " ACK").encode(), address)
