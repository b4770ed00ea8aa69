# CP372 A1, group 31: one loop, one list of people.
import os
import selectors
import socket
import time

PLACES = 3
FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "texts")
os.makedirs(FOLDER, exist_ok=True)


class Person:
    def __init__(self, sock, number):
        self.sock = sock
        self.name = "Client%02d" % number
        self.came = time.ctime()
        self.left = None
        self.rest = b""

    def tell(self, data):
        self.sock.setblocking(True)
        self.sock.sendall(data)


people = []
watch = selectors.DefaultSelector()


def here():
    return [p for p in people if p.left is None]


def new_one(listener):
    sock, _ = listener.accept()
    if len(here()) >= PLACES:
        sock.sendall(b"Sorry, we are three already.\n")
        sock.close()
        return
    person = Person(sock, len(people) + 1)
    people.append(person)
    watch.register(sock, selectors.EVENT_READ, person)
    person.tell(("You are %s\n" % person.name).encode())


def gone(person):
    watch.unregister(person.sock)
    person.sock.close()
    person.left = time.ctime()


def heard(person):
    data = person.sock.recv(4096)
    if not data:
        gone(person)
        return
    *lines, person.rest = (person.rest + data).split(b"\n")
    for line in lines:
        if line == b"exit":
            person.tell(b"Goodbye\n")
            gone(person)
            return
        answer(person, line)


def answer(person, line):
    if line == b"status":
        for p in people:
            text = "%s came %s left %s\n" % (p.name, p.came, p.left or "not yet")
            person.tell(text.encode())
    elif line == b"list":
        person.tell(("\n".join(os.listdir(FOLDER)) + "\n").encode())
    elif line.startswith(b"get "):
        path = os.path.join(FOLDER, os.path.basename(line[4:].decode()))
        if os.path.isfile(path):
            with open(path, "rb") as file:
                person.tell(file.read())
        else:
            person.tell(b"There is no such file.\n")
    else:
        person.tell(line + b" ACK\n")


listener = socket.create_server(("", 12345))
watch.register(listener, selectors.EVENT_READ)
print("the server waits on port 12345", flush=True)
while True:
    for key, _ in watch.select():
        if key.fileobj is listener:
            new_one(listener)
        else:
            heard(key.data)
