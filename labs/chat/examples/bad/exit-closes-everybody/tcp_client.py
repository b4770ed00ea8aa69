"""CP372 Assignment 1 -- TCP client"""
import os
import socket
import threading

HELP = "Messages are echoed. Commands: status, list, file NAME, exit"


def main():
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect(("127.0.0.1", 12345))
    print(HELP)

    def receive():
        while True:
            try:
                data = sock.recv(65536)
            except OSError:
                data = b""
            if not data:
                print("Server closed the connection.")
                os._exit(0)
            print("\r" + data.decode(errors="replace") + "\n> ", end="", flush=True)

    threading.Thread(target=receive, daemon=True).start()
    while True:
        text = input()
        if text:
            sock.sendall(text.encode())
        if text == "exit":
            threading.Event().wait()    # until receive() ends the program


if __name__ == "__main__":
    main()
