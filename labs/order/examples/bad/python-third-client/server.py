# PA3 server
#
# Why threads? Each client may write when it likes, and recv() waits for one
# client only. With a thread for each the server hears both.
import socket, threading
messages = []
conns = []
lock = threading.Lock()
ready = threading.Event()
def serve(conn, label):
    ready.wait()
    conn.send(("Client %s connected" % label).encode())
    data = conn.recv(1024).decode()
    with lock:
        messages.append("%s: %s" % (label, data))
        print("Client", label, "sent message:", data)
        if len(messages) == 2:
            text = messages[0] + " received before " + messages[1]
            for c in conns[:2]:
                c.send(text.encode())
            print("Sent acknowledgment to both X and Y")
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 12000))
s.listen(2)
print("The server is waiting to receive 2 connections....")
for label in "XYZ":
    c, _ = s.accept()
    conns.append(c)
    threading.Thread(target=serve, args=(c, label)).start()
    if len(conns) == 2:
        ready.set()
