# PA3 server
#
# Why threads? Nobody knows which client writes first, and recv() waits for one
# client only. The main thread waits for both with a semaphore.
import socket, threading
messages = []
conns = []
both = threading.Semaphore(0)
lock = threading.Lock()
def serve(conn, label):
    data = conn.recv(1024).decode()
    if not data:
        return
    with lock:
        messages.append("%s: %s" % (label, data))
    print("Client", label, "sent message:", data)
    both.release()
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 12000))
s.listen(2)
print("The server is waiting to receive 2 connections....")
for label in "XY":
    c, _ = s.accept()
    conns.append(c)
for c, label in zip(conns, "XY"):
    c.send(("Client %s connected" % label).encode())
    threading.Thread(target=serve, args=(c, label), daemon=True).start()
both.acquire()
both.acquire()
for c in conns:
    c.send((messages[0] + " received before " + messages[1]).encode())
print("Sent acknowledgment to both X and Y")
