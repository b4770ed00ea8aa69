# CP372, group 14
import os
import socket
import threading

server = socket.create_connection(("127.0.0.1", 12345))


def show():
    while True:
        data = server.recv(2048)
        if not data:
            print("The server has closed the connection.")
            os._exit(0)
        print(data.decode(errors="replace"), end="", flush=True)


threading.Thread(target=show, daemon=True).start()
print("list | get <file> | status | exit | anything else is echoed")
while True:
    line = input()
    if line:
        server.sendall((line + "\n").encode())
