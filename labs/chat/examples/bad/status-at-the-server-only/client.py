# Assignment 1, CP372: client-server communication
# Group 14
import threading
from socket import socket, AF_INET, SOCK_STREAM

sock = socket(AF_INET, SOCK_STREAM)
sock.connect(("10.0.0.1", 12345))


def listen():
    while True:
        data = sock.recv(4096)
        if not data:
            break
        print(data.decode(errors="replace"))
    print("(disconnected)")


receiver = threading.Thread(target=listen)
receiver.start()
line = ""
while line != "quit" and receiver.is_alive():
    try:
        line = input()
    except EOFError:
        line = "quit"
    if line:
        try:
            sock.sendall(line.encode())
        except OSError:
            break
receiver.join()
sock.close()
