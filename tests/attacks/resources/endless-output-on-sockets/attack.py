import os
import selectors
import socket
import sys


def attack():
    if os.path.basename(sys.argv[0]) == "server.py":
        listener = socket.create_server(("", 12000))
        ends = [listener.accept()[0], listener.accept()[0]]
    else:
        ends = [socket.create_connection(("10.0.0.1", 12000))]
    both = selectors.EVENT_READ | selectors.EVENT_WRITE
    with selectors.DefaultSelector() as selector:
        for end in ends:
            end.setblocking(False)
            selector.register(end, both)
        while True:
            for key, what in selector.select():
                if what & selectors.EVENT_READ:
                    key.fileobj.recv(65536)
                if what & selectors.EVENT_WRITE:
                    key.fileobj.send(b"x" * 65536)
