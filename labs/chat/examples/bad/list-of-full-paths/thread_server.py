"""CP372 Assignment 1, Group 3: TCP messaging, the server"""
import socket
import threading
import os
from datetime import datetime

HOST = "localhost"
PORT = 12345
MAX_CLIENTS = 3
REPO = os.path.join(os.path.dirname(os.path.abspath(__file__)), "repo")


class Client:
    """All that we know of one client, also after it has gone."""

    def __init__(self, number, sock, addr):
        self.number = number
        self.sock = sock
        self.addr = addr
        self.name = None
        self.messages = 0
        self.open_time = datetime.now().strftime("%Y-%m-%d %H:%M")
        self.close_time = None

    def __str__(self):
        return (f"Client: {self.number}, Name: {self.name}, Address: {self.addr}, "
                f"Opened at: {self.open_time}, Closed at: {self.close_time}")


cache = []


def relay(sender, text):
    """Tell all other clients that are still connected."""
    for c in cache:
        if c is not sender and c.close_time is None:
            try:
                c.sock.sendall(f"{sender.name}: {text}".encode())
            except OSError:
                pass


def process(client, text):
    """Answer one message."""
    if client.messages == 0:
        client.name = text
        client.sock.sendall(f"Your name is set as: {text}".encode())
        return
    client.sock.sendall(f"{text} ACK\n".encode())
    if text == "status":
        client.sock.sendall("\n".join(str(c) for c in cache).encode())
    elif text == "list":
        client.sock.sendall(str([os.path.join(REPO, name) for name in os.listdir(REPO)]).encode())
    elif text.startswith("get "):
        stream(client, text[4:])
    else:
        relay(client, text)


def stream(client, name):
    path = os.path.join(REPO, name)
    if name not in os.listdir(REPO) or not os.path.isfile(path):
        client.sock.sendall(b"Invalid file path.")
        return
    with open(path, "rb") as f:
        data = f.read(1024)
        while data:
            client.sock.sendall(data)
            data = f.read(1024)


def serve(client):
    print(f"New connection from {client.addr}; Client {client.number}")
    try:
        client.sock.sendall(b"Please enter a name:")
        while True:
            data = client.sock.recv(1024)
            if not data:
                break
            text = data.decode()
            print(f"Received from Client {client.number}: {text}")
            if text == "exit":
                break
            process(client, text)
            client.messages += 1
    except ConnectionError:
        pass
    client.close_time = datetime.now().strftime("%Y-%m-%d %H:%M")
    client.sock.close()
    print("Connection closed:", client.addr)


def main():
    os.makedirs(REPO, exist_ok=True)
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((HOST, PORT))
    server.listen(5)
    print("Server is listening...")
    while True:
        sock, addr = server.accept()
        live = [c for c in cache if c.close_time is None]
        if len(live) >= MAX_CLIENTS:
            sock.sendall(b"Server is full, try again later.")
            sock.close()
            continue
        client = Client(len(cache) + 1, sock, addr)
        cache.append(client)
        threading.Thread(target=serve, args=(client,), daemon=True).start()


if __name__ == "__main__":
    main()
