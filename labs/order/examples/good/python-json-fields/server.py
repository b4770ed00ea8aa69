# Threads: recv() blocks, so each client has a thread of its own.
import socket, threading, time, sys
arrived = []
lock = threading.Lock()
def take(c, l):
    m = c.recv(1024).decode().strip()
    with lock:
        arrived.append((l, m))
        print("Client %s sent message %d: %s" % (l, len(arrived), m))

s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 12000))
s.listen(2)
print("The server is waiting to receive 2 connections....")
conns = []
for l in "XY":
    c, a = s.accept()
    print("Accepted", l)
    conns.append((c, l))

for c, l in conns:
    c.sendall(("Client %s connected" % l).encode())
ts = [threading.Thread(target=take, args=p) for p in conns]
for t in ts: t.start()
for t in ts: t.join()

(l1, m1), (l2, m2) = arrived
import json
ack = json.dumps({"first": {"label": l1, "message": m1}, "second": {"label": l2, "message": m2}})
for c, l in conns:
    c.sendall(ack.encode())
print("Sent acknowledgment to both X and Y")

