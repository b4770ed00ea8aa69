"""TCP server for programming assignment 3.

Team 12

Why this program needs several threads
    The order of the messages is decided by the clients' users, not by us. A
    blocking recv() is tied to one connection. To be told at once about
    whichever message is first, a recv() has to be pending on both
    connections, and that takes a thread for each. The class `Scoreboard`
    holds the data that the threads share, and its lock makes "I am number n"
    and "put me at place n" one step.
"""

import logging
import socket
import threading


class Scoreboard:
    """Messages in the order of their arrival."""

    def __init__(self, size):
        self.size = size
        self.entries = []
        self.lock = threading.Lock()
        self.complete = threading.Event()

    def add(self, label, message):
        with self.lock:
            self.entries.append((label, message))
            print(f"Client {label} sent message {len(self.entries)}: {message}")
            if len(self.entries) == self.size:
                self.complete.set()

    def verdict(self):
        return " received before ".join(f"{l}: {m}" for l, m in self.entries)


class ClientHandler(threading.Thread):
    """One connected client."""

    def __init__(self, label, sock, scoreboard):
        super().__init__(name=f"client-{label}")
        self.label = label
        self.sock = sock
        self.scoreboard = scoreboard

    def greet(self):
        self.sock.sendall(f"Client {self.label} connected".encode())

    def run(self):
        data = self.sock.recv(1024)
        if not data:
            logging.warning("client %s left early", self.label)
        self.scoreboard.add(self.label, data.decode())

    def answer(self):
        self.sock.sendall(self.scoreboard.verdict().encode())
        self.sock.close()


class Server:
    def __init__(self, address="", port=12000):
        self.listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind((address, port))
        self.listener.listen(2)
        self.scoreboard = Scoreboard(2)
        self.handlers = []

    def accept_all(self):
        print("The server is waiting to receive 2 connections....\n")
        for label, ordinal in (("X", "first"), ("Y", "second")):
            sock, _ = self.listener.accept()
            print(f"Accepted {ordinal} connection, calling it client {label}")
            self.handlers.append(ClientHandler(label, sock, self.scoreboard))

    def run(self):
        self.accept_all()
        for handler in self.handlers:
            handler.greet()
        print("\nWaiting to receive messages from client X and client Y....\n")
        for handler in self.handlers:
            handler.start()
        self.scoreboard.complete.wait()
        for handler in self.handlers:
            handler.answer()
        print("\nSent acknowledgment to both X and Y")
        self.listener.close()


if __name__ == "__main__":
    Server().run()
    print("Done.")
