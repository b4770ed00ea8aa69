#!/usr/bin/env python3
# usage: p1_client.py [host] [port]
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "10.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 9090

n = input("n = ")
sock = socket.create_connection((host, port))
sock.sendall(("TeamNine-Client " + n).encode())
sock.shutdown(socket.SHUT_WR)           # so the server sees the end
answer = b""
while True:
    part = sock.recv(100)
    if not part:
        break
    answer += part
sock.close()

name, m = answer.decode().split()
print("TeamNine-Client", n)
print(name, m)
print("sum", int(n) + int(m))
