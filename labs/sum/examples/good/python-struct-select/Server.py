# Server of Team Zeta. Serves all clients at the same time, with select.
import select
import socket
import struct

FORMAT = "!20si"
SIZE = struct.calcsize(FORMAT)
NAME = b"Server of Team Zeta"
NUMBER = 42

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12321))
listener.listen()
clients = {}            # socket -> bytes so far
print(NAME.decode(), "started")

stop = False
while not stop:
    readable, _, _ = select.select([listener, *clients], [], [])
    for s in readable:
        if s is listener:
            c, _ = listener.accept()
            clients[c] = b""
            continue
        data = s.recv(SIZE - len(clients[s]))
        clients[s] += data
        if data and len(clients[s]) < SIZE:
            continue
        if data:
            name, number = struct.unpack(FORMAT, clients[s])
            print(name.rstrip(b"\0").decode(), "<->", NAME.decode())
            print("numbers:", number, "and", NUMBER, "sum:", number + NUMBER)
            s.sendall(struct.pack(FORMAT, NAME, NUMBER))
            stop = stop or not 1 <= number <= 100
        del clients[s]
        s.close()

for c in clients:
    c.close()
listener.close()
