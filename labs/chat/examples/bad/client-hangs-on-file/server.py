#!/usr/bin/env python3
# CP372 assignment 1, group 25
# usage: server.py [host [port]]
import os
import socket
import sys
import threading
from datetime import datetime

host = sys.argv[1] if len(sys.argv) > 1 else "0.0.0.0"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 12345
repository = "./repository/"

server_cache = []       # [client, connection start, connection end]
slots = [None, None, None]


def connection(conn, slot, entry):
    welcome = "Welcome " + entry[0] + ". Commands: status, list, get <file>, exit\n"
    conn.sendall(welcome.encode())
    buffer = ""
    while True:
        try:
            chunk = conn.recv(1024).decode("utf-8")
        except (ConnectionResetError, UnicodeDecodeError):
            break
        if chunk == "":
            break
        buffer += chunk
        if not buffer.endswith("\n"):
            continue
        line = buffer[:-1]
        buffer = ""
        if line == "exit":
            break
        if line == "status":
            for name, start, end in list(server_cache):
                finished = end.isoformat(" ") if end else "online"
                row = name + ", " + start.isoformat(" ") + ", " + finished
                conn.sendall((row + "\n").encode())
            conn.sendall(b"EOF\n")
        elif line == "list":
            for name in sorted(os.listdir(repository)):
                conn.sendall((name + "\n").encode())
            conn.sendall(b"EOF\n")
        elif line.startswith("get "):
            wanted = line.split(" ", 1)[1]
            if "/" not in wanted and os.path.isfile(repository + wanted):
                with open(repository + wanted, "rb") as source:
                    conn.sendall(b"OK\n" + source.read())
            else:
                conn.sendall(b"ERR file not found\n")
        else:
            conn.sendall((line + " ACK\n").encode())
    entry[2] = datetime.now()
    conn.close()
    slots[slot] = None


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind((host, port))
    listener.listen()
    print("serving on", host, port)
    while True:
        conn, peer = listener.accept()
        if None not in slots:
            conn.sendall(b"FULL\n")
            conn.close()
            continue
        entry = ["Client" + str(len(server_cache) + 1), datetime.now(), None]
        server_cache.append(entry)
        slot = slots.index(None)
        slots[slot] = conn
        print(entry[0], peer)
        threading.Thread(target=connection, args=(conn, slot, entry)).start()


main()
