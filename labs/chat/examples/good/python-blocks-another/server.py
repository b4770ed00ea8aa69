# CP372, group 35: the server
import os
import socket
import threading
import time

from blocks import put, take

STORE = "store"
book = []
guard = threading.Lock()


def stamp():
    return time.strftime("%d.%m.%Y %H:%M:%S")


def send_file(sock, name):
    path = os.path.join(STORE, os.path.basename(name))
    if not os.path.isfile(path):
        put(sock, "no file of that name")
        return
    put(sock, "FILE %d" % os.path.getsize(path))
    with open(path, "rb") as file:
        sock.sendfile(file)


def serve(sock, page):
    put(sock, page["name"])
    while True:
        said = take(sock)
        if said is None or said == "exit":
            break
        if said == "status":
            put(sock, "; ".join("%(name)s from %(came)s to %(left)s" % p for p in book))
        elif said == "list":
            put(sock, ", ".join(sorted(os.listdir(STORE))) or "nothing here")
        elif said.startswith("get "):
            send_file(sock, said[4:])
        else:
            put(sock, said + "ACK")
    page["left"] = stamp()
    sock.close()


os.makedirs(STORE, exist_ok=True)
door = socket.create_server(("", 12345))
print("open", flush=True)
while True:
    sock, _ = door.accept()
    with guard:
        inside = [p for p in book if p["left"] == "now"]
        if len(inside) >= 3:
            put(sock, "FULL")
            sock.close()
            continue
        page = {"name": "Client%02d" % (len(book) + 1), "came": stamp(), "left": "now"}
        book.append(page)
    threading.Thread(target=serve, args=(sock, page), daemon=True).start()
