"""Every message is a block of 1500 bytes, filled up with zeros."""
SIZE = 1500


def put(sock, text):
    data = text.encode()
    for at in range(0, max(len(data), 1), SIZE):
        sock.sendall(data[at:at + SIZE].ljust(SIZE, b"\0"))


def take(sock):
    data = b""
    while len(data) < SIZE:
        piece = sock.recv(SIZE - len(data))
        if not piece:
            return None
        data += piece
    return data.rstrip(b"\0").decode()
