"""Lab `sum`: the client. One exchange a run, on h2, h3 or h4.

Usage: python3 client.py [address of the server]
"""

import socket
import sys

NAME = "Client of Team ..."  # TODO: your team
SERVER = "10.0.0.1"  # h1
PORT = 12000


def main():
    address = sys.argv[1] if len(sys.argv) > 1 else SERVER

    # TODO: ask for the number ("Enter an integer between 1 and 100: ").

    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.connect((address, PORT))

    # TODO: send NAME and the number, for instance "Client of Team 7: 17".

    # TODO: receive the server's reply. Print both names, both numbers and
    # their sum.

    sock.close()


if __name__ == "__main__":
    main()
