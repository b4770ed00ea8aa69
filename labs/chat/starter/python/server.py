"""Lab `chat`: the server. Start it first, on h1."""

import socket

PORT = 12345
MAX_CLIENTS = 3


def serve(conn, address):
    """Talk with one client until it leaves."""
    print("New connection from", address)
    # TODO: give the client a name, Client01 for the first, and tell it.

    while True:
        data = conn.recv(1024)
        if not data:
            break
        # TODO: send back what came in, with ACK appended.
        # TODO: exit, status; for the bonus list, and a file by its name.
    conn.close()
    print("Connection closed:", address)


def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Without this, a second start soon after the first one fails.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # '' is every address of this host: localhost, and the one in Mininet.
    listener.bind(("", PORT))
    listener.listen()
    print("Server is listening on port", PORT)

    while True:
        conn, address = listener.accept()
        # TODO: turn a client away when MAX_CLIENTS are connected. A new one
        # must be served as soon as one of them has left.

        # TODO: this serves one client after the other. Give each a thread
        # (threading.Thread), and a lock to what the threads share.
        serve(conn, address)


if __name__ == "__main__":
    main()
