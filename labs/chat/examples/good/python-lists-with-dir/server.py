"""CP372 assignment: the server. It understands status, dir, open NAME, quit."""
import pathlib
import socket
import threading
import time

PLACES = 3
SHARE = pathlib.Path("share")
lock = threading.Lock()              # for the record
record = []                          # everybody who was here, in order


def clock():
    return time.strftime("%H:%M:%S")


def names():
    return [path.name for path in SHARE.iterdir()]


def answer_to(line):
    if line == b"status":
        with lock:
            return "; ".join("{name} came {came} went {went}".format(**one)
                             for one in record).encode()
    if line == b"dir":
        return " ".join(names()).encode() or b"(empty)"
    if line.startswith(b"open "):
        name = line[5:].decode(errors="replace")
        if name not in names():
            return b"no such file here"
        data = (SHARE / name).read_bytes()
        return b"%d bytes\n" % len(data) + data
    return line + b" ACK"


def serve(sock, me):
    print(me["name"], "is here")
    try:
        with sock, sock.makefile("rb") as lines:
            sock.sendall(b"Welcome, %s\n" % me["name"].encode())
            for line in lines:
                line = line[:-1]     # the newline that ends it
                if line == b"quit":
                    break
                sock.sendall(answer_to(line) + b"\n")
    except OSError as error:
        print(me["name"], error)
    with lock:
        me["went"] = clock()
    print(me["name"], "has left")


SHARE.mkdir(exist_ok=True)
door = socket.create_server(("", 12345))
print("The server is listening")
while True:
    sock, _ = door.accept()
    with lock:
        here = sum(one["went"] == "not yet" for one in record)
        if here < PLACES:
            me = {"name": "Client%02d" % (len(record) + 1), "came": clock(),
                  "went": "not yet"}
            record.append(me)
    if here < PLACES:
        threading.Thread(target=serve, args=(sock, me)).start()
    else:
        sock.sendall(b"no room\n")
        sock.close()
