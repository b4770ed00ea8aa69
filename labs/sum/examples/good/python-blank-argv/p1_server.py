#!/usr/bin/env python3
# usage: p1_server.py [port]
import socket
import sys

NAME = "TeamNine-Server"
NUMBER = 58


def read_all(conn):
    text = b""
    while True:
        part = conn.recv(100)
        if not part:
            return text.decode()
        text += part


port = int(sys.argv[1]) if len(sys.argv) > 1 else 9090
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("0.0.0.0", port))
listener.listen()
while True:
    conn, peer = listener.accept()
    name, n = read_all(conn).split()
    n = int(n)
    print(name, "is connected to", NAME)
    print(n, NUMBER, n + NUMBER)
    conn.sendall((NAME + " " + str(NUMBER)).encode())
    conn.close()
    if n not in range(1, 101):
        break
listener.close()
