#!/usr/bin/env python3
# CP372 assignment 1, group 25
# usage: client.py [host [port]]
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "10.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 12345


def until_eof(stream):
    """All lines up to the one that says EOF."""
    lines = []
    for line in stream:
        if line == b"EOF\n":
            break
        lines.append(line)
    return b"".join(lines)


sock = socket.create_connection((host, port))
stream = sock.makefile("rb")
first = stream.readline().decode()
print(first, end="")
while first != "FULL\n":
    line = input("$ ")
    sock.sendall((line + "\n").encode())
    if line == "exit":
        break
    if line in ("status", "list"):
        print(until_eof(stream).decode(), end="")
        continue
    answer = stream.readline().decode()
    if line.startswith("get ") and answer == "OK\n":
        content = until_eof(stream)[:-1]
        print(content.decode(errors="replace"))
    else:
        print(answer, end="")
sock.close()
