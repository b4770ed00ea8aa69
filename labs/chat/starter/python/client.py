"""Lab `chat`: the client. Run it on h2, h3 and h4.

Usage: python3 client.py [address of the server]
"""

import socket
import sys

SERVER = "10.0.0.1"  # h1
PORT = 12345


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else SERVER
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((address, PORT))

    # TODO: receive what the server says first (a name, or that it is full) and
    # print it.

    while True:
        try:
            line = input("> ")
        except EOFError:
            break
        sock.sendall(line.encode())
        # TODO: receive the server's answer and print it.
        # TODO: end when the user typed exit, or when the server is gone.
    sock.close()


if __name__ == "__main__":
    main()
