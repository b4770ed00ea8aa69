# CP372, group 14
import os
import socket
import threading
from time import strftime

SHARED = "shared"
everyone = []
lock = threading.Lock()


class Guest:
    def __init__(self, number):
        self.name = f"Client{number:02}"
        self.since, self.until = strftime("%H:%M:%S"), None

    def __str__(self):
        return f"{self.name} {self.since} - {self.until or 'here'}"


def send_file(conn, name):
    if name not in os.listdir(SHARED):
        conn.sendall(b"We do not have that file.\n")
        return
    with open(os.path.join(SHARED, name), "rb") as file:
        conn.sendall(file.read())


def answer(conn, line):
    if line == "list":
        conn.sendall("Files: " + os.listdir(SHARED))  # a list is no text
    elif line == "status":
        conn.sendall(("\n".join(map(str, everyone)) + "\n").encode())
    elif line.startswith("get "):
        send_file(conn, line[4:])
    else:
        conn.sendall((line + " ACK\n").encode())


def talk(conn, guest):
    try:
        with conn, conn.makefile() as lines:
            conn.sendall(f"Welcome {guest.name}\n".encode())
            for line in lines:
                if line.strip("\n") == "exit":
                    return
                answer(conn, line.strip("\n"))
    finally:
        guest.until = strftime("%H:%M:%S")


if not os.path.isdir(SHARED):
    os.mkdir(SHARED)
with socket.create_server(("", 12345)) as listener:
    while True:
        conn, _ = listener.accept()
        with lock:
            if sum(g.until is None for g in everyone) == 3:
                conn.sendall(b"Full, come back later\n")
                conn.close()
                continue
            everyone.append(Guest(len(everyone) + 1))
        threading.Thread(target=talk, args=(conn, everyone[-1]), daemon=True).start()
