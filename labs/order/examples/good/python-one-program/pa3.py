# PA3 - both programs in one file, run it three times
# Threads: the server can not know who talks first, so each client gets its own thread.
import socket
import threading

def server():
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("", 12000))
    sock.listen()
    print("Server is up")
    conns = []
    for l in ("X", "Y"):
        c, a = sock.accept()
        print("Client", l, "is", a)
        conns.append((l, c))
    for l, c in conns:
        c.send(("Client %s connected" % l).encode())
    order = []
    cv = threading.Condition()
    def work(l, c):
        m = c.recv(4096).decode()
        with cv:
            order.append((l, m))
            print("Client %s sent: %s" % (l, m))
            cv.notify_all()
            while len(order) < 2:
                cv.wait()
        (a, b), (d, e) = order
        c.send(("%s: %s received before %s: %s" % (a, b, d, e)).encode())
        c.close()
    ts = [threading.Thread(target=work, args=p) for p in conns]
    [t.start() for t in ts]
    [t.join() for t in ts]
    print("Sent acknowledgment to both X and Y")

def client():
    sock = socket.socket()
    sock.connect(("localhost", 12000))
    print(sock.recv(4096).decode())
    m = input("Your message: ")
    sock.send(m.encode())
    print(sock.recv(4096).decode())

which = ""
while which not in ("s", "c"):
    which = input("Run as (s)erver or (c)lient? ").strip().lower()[:1]
if which == "s":
    server()
else:
    client()
