# Assignment 1, CP372: client-server communication
# Group 14
#
# A semaphore with three places is taken before accept() is called. So a fourth
# client is not accepted before there is a place: the operating system keeps it
# in the queue of the listening socket.
import os
import threading
import time
from socket import socket, AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR

places = threading.Semaphore(3)
mutex = threading.Lock()
connections = []


def stamp():
    return time.strftime("%d.%m.%Y %H:%M:%S")


def status_text():
    with mutex:
        out = []
        for c in connections:
            state = "finished " + c["finished"] if c["finished"] else "active"
            out.append("{}: accepted {}, {}".format(c["name"], c["accepted"], state))
    return "\n".join(out)


def print_file(sock, name):
    # our repository is the folder where the server was started
    if name in os.listdir(".") and os.path.isfile(name):
        sock.sendall(b"[begin of file]\n")
        with open(name, "rb") as f:
            for block in iter(lambda: f.read(2048), b""):
                sock.sendall(block)
        sock.sendall(b"\n[end of file]")
    else:
        sock.sendall("[there is no file {}]".format(name).encode())


def talk(sock, me):
    sock.sendall("Your name is {}. You may type: status, list, print FILE, quit"
                 .format(me["name"]).encode())
    try:
        while True:
            text = sock.recv(4096).decode()
            if text in ("", "quit"):
                break
            if text == "status":
                print(status_text())
                sock.sendall(b"status ACK")
            elif text == "list":
                sock.sendall("\n".join(sorted(os.listdir("."))).encode())
            elif text[:6] == "print ":
                print_file(sock, text[6:])
            else:
                sock.sendall(text.encode() + b" ACK")
    except OSError as error:
        print(me["name"], error)
    me["finished"] = stamp()
    sock.close()
    places.release()
    print(me["name"], "finished")


listener = socket(AF_INET, SOCK_STREAM)
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
listener.bind(("", 12345))
listener.listen(10)
print("The server is ready")
while True:
    places.acquire()
    sock, address = listener.accept()
    me = {"name": "Client%02d" % (len(connections) + 1),
          "accepted": stamp(), "finished": None}
    with mutex:
        connections.append(me)
    print(me["name"], "is", address)
    threading.Thread(target=talk, args=(sock, me)).start()
