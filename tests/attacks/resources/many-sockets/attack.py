import socket


def attack():
    kept = []
    try:
        while len(kept) < 2000:
            kept.append(socket.socket())
        print("@SUCCESS@", len(kept), "sockets", flush=True)
    except OSError:
        pass
