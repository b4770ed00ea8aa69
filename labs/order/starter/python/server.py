"""Lab `order`: the server. Start it first, on h1.

TODO: say here, in your own words, why this server needs more than one thread
(or what it does instead).
"""

import socket

PORT = 12000


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Without this, a second start soon after the first one fails.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # '' is every address of this host: localhost, and the one in Mininet.
    listener.bind(("", PORT))
    listener.listen(2)
    print("The server is waiting to receive 2 connections....\n")

    x, _ = listener.accept()
    print("Accepted first connection, calling it client X")
    y, _ = listener.accept()
    print("Accepted second connection, calling it client Y\n")

    # TODO: tell each client which one it is: "Client X connected", and
    # "Client Y connected".

    print("Waiting to receive messages from client X and client Y....\n")
    # TODO: receive one message from each client, whoever sends first, and
    # print it: "Client X sent message 1: First_message". Hint: one thread for
    # each client, a list for the messages, a lock for the list.

    # TODO: tell both clients which message arrived first, for instance
    # "X: First_message received before Y: Second_message".

    print("Waiting a bit for clients to close their connections")
    x.close()
    y.close()
    listener.close()
    print("Done.")


if __name__ == "__main__":
    main()
