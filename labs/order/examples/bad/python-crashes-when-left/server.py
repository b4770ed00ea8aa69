# PA3 server
#
# Why threads? Nobody knows which client writes first, and recv() waits for one
# client only. So there is a thread for each client.
import socket, threading
messages = []
conns = []
lock = threading.Lock()
def serve(conn, label):
    data = conn.recv(1024).decode()
    if data:
        with lock:
            messages.append("%s: %s" % (label, data))
        print("Client", label, "sent message:", data)
s = socket.socket()
s.bind(("", 12000))
s.listen(2)
print("The server is waiting to receive 2 connections....")
for label in "XY":
    c, _ = s.accept()
    conns.append(c)
for c, label in zip(conns, "XY"):
    c.send(("Client %s connected" % label).encode())
ts = [threading.Thread(target=serve, args=p) for p in zip(conns, "XY")]
for t in ts:
    t.start()
for t in ts:
    t.join()
for c in conns:
    c.send((messages[0] + " received before " + messages[1]).encode())
print("Sent acknowledgment to both X and Y")
for c in conns:
    c.close()
