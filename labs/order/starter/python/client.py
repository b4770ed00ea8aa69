"""Lab `order`: the client. Run it twice: on h2 and on h3.

Usage: python3 client.py [address of the server]
"""

import socket
import sys

SERVER = "10.0.0.1"  # h1
PORT = 12000


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else SERVER
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((address, PORT))

    # TODO: receive what the server says when both clients are connected, and
    # print it: "From Server: Client X connected".

    # TODO: ask for a message ("Enter message to send to server: ") and send it.

    # TODO: receive the server's answer and print it.

    sock.close()


if __name__ == "__main__":
    main()
