"""
CP372 project: Client

A thread prints what comes from the server; a file is put into downloads/.
"""
import os
import socket
import threading

sock = socket.create_connection(("10.0.0.1", 12345))
pending = []


def incoming():
    stream = sock.makefile("rb")
    while True:
        line = stream.readline()
        if not line:
            break
        if line.startswith(b"FILE ") and pending:
            data = stream.read(int(line[5:]))
            os.makedirs("downloads", exist_ok=True)
            with open(os.path.join("downloads", pending.pop(0)), "wb") as f:
                f.write(line + data)
            print("Received a file of", len(data), "bytes")
        else:
            print("Received from server:", line.decode(errors="replace").rstrip("\n"))
    os._exit(0)


threading.Thread(target=incoming).start()
while True:
    text = input()
    if text.startswith("get "):
        pending.append(text[4:])
    sock.sendall((text + "\n").encode())
    if text == "exit":
        break
