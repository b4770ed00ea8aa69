#!/usr/bin/env python3
"""
CP372 Socket Programming, Group 21

Server without threads: select() says which socket has something for us.
Every message is one line. Usage: python3 chat_server.py
"""
import os
import select
import socket
import time

PORT = 12345
LIMIT = 3
FOLDER = "files"


class Peer:
    def __init__(self, sock, addr, number):
        self.sock = sock
        self.addr = addr
        self.name = "Client %d" % number
        self.inbox = b""
        self.outbox = b""
        self.since = time.strftime("%H:%M:%S")
        self.until = ""
        self.leaving = False


history = []
peers = {}


def answer(peer, line):
    """Return what this line is answered with."""
    words = line.split(b" ", 1)
    if line == b"exit":
        peer.leaving = True
        return b"Goodbye " + peer.name.encode() + b"\n"
    if line == b"status":
        rows = ["%s %s - %s" % (p.name, p.since, p.until or "now") for p in history]
        return ("%d clients so far\n" % len(rows) + "\n".join(rows) + "\n").encode()
    if line == b"list":
        names = sorted(os.listdir(FOLDER))
        return ("%d files\n" % len(names) + "".join(n + "\n" for n in names)).encode()
    if words[0] == b"get" and len(words) == 2:
        name = words[1].decode(errors="replace")
        if name not in os.listdir(FOLDER):
            return b"no such file: " + words[1] + b"\n"
        with open(os.path.join(FOLDER, name), "rb") as f:
            data = f.read()
        return b"file of %d bytes follows\n" % len(data) + data
    return line + b" ACK\n"


def receive(peer):
    try:
        data = peer.sock.recv(4096)
    except ConnectionError:
        data = b""
    if not data:
        leave(peer)
        return
    peer.inbox += data
    while b"\n" in peer.inbox and not peer.leaving:
        line, peer.inbox = peer.inbox.split(b"\n", 1)
        print(peer.name, "says", line.decode(errors="replace"))
        peer.outbox += answer(peer, line)


def leave(peer):
    peer.until = time.strftime("%H:%M:%S")
    del peers[peer.sock]
    print(peer.name, "has left")


def join(listener):
    sock, addr = listener.accept()
    if len(peers) >= LIMIT:
        sock.sendall(b"The server is busy, come back later\n")
        sock.close()
        return
    sock.setblocking(False)
    peer = Peer(sock, addr, len(history) + 1)
    history.append(peer)
    peers[sock] = peer
    peer.outbox = ("Welcome, you are %s\n" % peer.name).encode()
    print(peer.name, "has come from", addr)


def main():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", PORT))
    listener.listen(10)
    print("listening on", PORT)
    while True:
        writers = [s for s, p in peers.items() if p.outbox]
        readable, writable, _ = select.select([listener] + list(peers), writers, [])
        for sock in writable:
            peer = peers[sock]
            try:
                peer.outbox = peer.outbox[sock.send(peer.outbox):]
            except ConnectionError:
                leave(peer)
                continue
            if peer.leaving and not peer.outbox:
                leave(peer)
        for sock in readable:
            if sock is listener:
                join(listener)
            elif sock in peers:
                receive(peers[sock])


if __name__ == "__main__":
    main()
