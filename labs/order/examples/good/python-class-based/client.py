"""TCP client for programming assignment 3. Team 12"""

import socket
import sys


class Client:
    def __init__(self, host, port):
        self.sock = socket.create_connection((host, port))

    def show_next(self):
        text = self.sock.recv(1024).decode()
        print(f"From Server: {text}")

    def ask_and_send(self):
        text = input("Enter message to send to server: ")
        self.sock.sendall(text.encode())

    def run(self):
        self.show_next()
        self.ask_and_send()
        self.show_next()
        self.sock.close()


def main():
    host = sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1"
    try:
        Client(host, 12000).run()
    except ConnectionRefusedError:
        sys.exit("Start the server first.")


if __name__ == "__main__":
    main()
