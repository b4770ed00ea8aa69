# CP372 - Assignment 1 - Server
# One thread lets the clients in, the other one asks them round by round.
import socket
import threading
import time
from datetime import datetime

PORT = 12345
round_table = []
cache = []
change = threading.Lock()


def let_in(listener):
    while True:
        conn, addr = listener.accept()
        with change:
            if len(round_table) >= 3:
                conn.sendall(b"Server is full.\n")
                conn.close()
                continue
            entry = {"name": "Client%02d" % (len(cache) + 1),
                     "in": datetime.now().strftime("%H:%M:%S"), "out": ""}
            cache.append(entry)
            round_table.append((conn, conn.makefile("r"), entry))
        conn.sendall(("Hello " + entry["name"] + "\n").encode())
        print("New client:", entry["name"], addr)


def ask(member):
    conn, lines, entry = member
    text = lines.readline()
    if text in ("", "exit\n"):
        with change:
            entry["out"] = datetime.now().strftime("%H:%M:%S")
            round_table.remove(member)
        lines.close()
        conn.close()
        print(entry["name"], "has gone")
    elif text == "status\n":
        rows = ["{name}: {in} - {out}".format(**e) for e in cache]
        conn.sendall((", ".join(rows) + "\n").encode())
    else:
        conn.sendall((text.rstrip("\n") + " ACK\n").encode())


def main():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", PORT))
    listener.listen()
    threading.Thread(target=let_in, args=(listener,), daemon=True).start()
    while True:
        with change:
            members = list(round_table)
        for member in members:
            ask(member)
        time.sleep(0.02)


main()
