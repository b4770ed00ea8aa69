"""Lab `sum`: the server. Start it first, on h1."""

import socket

NAME = "Server of Team ..."  # TODO: your team
NUMBER = 42
PORT = 12000


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Without this, a second start soon after the first one fails.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # '' is every address of this host: localhost, and the one in Mininet.
    listener.bind(("", PORT))
    listener.listen(5)
    print("The server is waiting for a client")

    # TODO: serve one client after another, until one of them sends a number
    # below 1 or above 100.
    client, _ = listener.accept()

    # TODO: receive the client's name and number. Print both names, both
    # numbers and their sum.

    # TODO: send NAME and NUMBER, for instance "Server of Team 7: 42".

    client.close()
    listener.close()


if __name__ == "__main__":
    main()
