#!/usr/bin/env python3
"""
CP372 Socket Programming, Group 21

Client: watches the keyboard and the socket at the same time.
Commands: list, get FILE, status, exit. A file is saved in the current folder.
"""
import select
import socket
import sys

SERVER = "10.0.0.1"
PORT = 12345

sock = socket.create_connection((SERVER, PORT))
asked = []          # names of files that were asked for
inbox = b""


def save(name, data):
    with open("copy_of_" + name, "wb") as f:
        f.write(data)
    print("saved", name, "as copy_of_" + name)


def show():
    """Show what is complete in the inbox."""
    global inbox
    while b"\n" in inbox:
        line, rest = inbox.split(b"\n", 1)
        if line.startswith(b"file of ") and asked:
            size = int(line.split()[2])
            if len(rest) < size:
                return
            save(asked.pop(0), rest[:size])
            inbox = rest[size:]
            continue
        if line.startswith(b"no such file: ") and asked:
            asked.pop(0)
        print(line.decode(errors="replace"))
        inbox = rest


print("Commands: list, get FILE, status, exit. Anything else is echoed.")
while True:
    ready, _, _ = select.select([sock, sys.stdin], [], [])
    if sock in ready:
        data = sock.recv(4096)
        if not data:
            print("connection closed")
            break
        inbox += data
        show()
    if sys.stdin in ready:
        line = sys.stdin.readline()
        if not line:
            break
        if line.startswith("get "):
            asked.append(line[4:].strip())
        sock.sendall(line.encode())
sock.close()
