# Assignment CP372 - server
# A request is WORD=ARGUMENT, and what is no request is echoed.
import datetime
import os
import socketserver
import threading

lock = threading.Lock()
places = [None, None, None]
history = []


def now():
    return datetime.datetime.now().isoformat(" ", "seconds")


def record():
    with lock:
        rows = ["%s, from %s to %s" % tuple(row) for row in history]
    return (" / ".join(rows) + "\n").encode()


def listing():
    return (", ".join(os.listdir("docs")) + "\n").encode()


def document(name):
    path = os.path.join("docs", os.path.basename(name))
    if not os.path.isfile(path):
        return b"ERROR: the server has no such document\n"
    with open(path, "rb") as source:
        data = source.read()
    return ("LENGTH %d\n" % len(data)).encode() + data


class Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        with lock:
            free = places.index(None) if None in places else -1
            if free >= 0:
                row = ["Client%02d" % (len(history) + 1), now(), "-"]
                places[free] = row
                history.append(row)
        if free < 0:
            self.wfile.write(b"Sorry, all places are taken\n")
            return
        print(row[0], "took place", free + 1)
        try:
            self.wfile.write(("You are " + row[0] + "\n").encode())
            self.converse()
        finally:
            with lock:
                places[free] = None
                row[2] = now()

    def converse(self):
        for line in self.rfile:
            text = line.decode(errors="surrogateescape")[:-1]
            if text == "exit":
                break
            if text == "status":
                self.wfile.write(record())
            elif text == "list":
                self.wfile.write(listing())
            elif text.startswith("fetch="):
                self.wfile.write(document(text[len("fetch="):]))
            else:
                self.wfile.write(line[:-1] + b" ACK\n")


os.makedirs("docs", exist_ok=True)
socketserver.ThreadingTCPServer.allow_reuse_address = True
socketserver.ThreadingTCPServer(("", 12345), Conversation).serve_forever()
