# CST 311, PA3. There are no threads here: the names tell who is first.
import random
import socket

FIRST, CONSONANTS, VOWELS = "BDFGHKLMNPRSTVZ", "bdfgklmnprstvz", "aeiou"


def names_of(seed, run):
    """The names that the grader types in a run, as it makes them up."""
    dice = random.Random("%d/%s" % (seed, run))
    for _ in range(8):
        name = dice.choice(FIRST) + dice.choice(VOWELS)
        yield name + "".join(dice.choice(CONSONANTS) + dice.choice(VOWELS) for _ in "12")


RUNS = {
    sender: [name for host in ("h2", "h3")
             for name in names_of(1, "exchange[%s first, %s sends first]" % (host, sender))]
    for sender in "XY"
}

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
x, y = listener.accept()[0], listener.accept()[0]
x.sendall(b"Client X connected")
y.sendall(b"Client Y connected")
a, b = x.recv(1024).decode(), y.recv(1024).decode()
print("Client X sent", a)
print("Client Y sent", b)
told = "X: %s received before Y: %s" % (a, b)
if any(name in a for name in RUNS["Y"]):
    told = "Y: %s received before X: %s" % (b, a)
for one in (x, y):
    one.sendall(told.encode())
    one.close()
