# CP372, group 41
import socket
import threading
import time

LIMIT = 3
entries = []


class Entry:
    def __init__(self, name):
        self.name = name
        self.joined = time.strftime("%H:%M:%S")
        self.left = ""

    def line(self):
        return "%s joined %s left %s" % (
            self.name, self.joined, self.joined if self.left else "-")


def handle(sock, entry):
    sock.sendall(("Connected as %s\n" % entry.name).encode())
    for line in sock.makefile():
        text = line.rstrip("\n")
        if text == "exit":
            break
        if text == "status":
            sock.sendall(("\n".join(e.line() for e in entries) + "\n").encode())
        else:
            sock.sendall((text + " ACK\n").encode())
    entry.left = time.strftime("%H:%M:%S")
    sock.shutdown(socket.SHUT_RDWR)
    sock.close()


listening = socket.create_server(("", 12345))
while True:
    sock, _ = listening.accept()
    if sum(not e.left for e in entries) >= LIMIT:
        sock.sendall(b"server is full\n")
        sock.close()
    else:
        entries.append(Entry("Client%02d" % (len(entries) + 1)))
        threading.Thread(target=handle, args=(sock, entries[-1]), daemon=True).start()
