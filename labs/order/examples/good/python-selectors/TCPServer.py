# Group 35
#
# MULTITHREADING: one thread per client would be the usual way, because recv()
# of one client blocks and the other client has to wait. With selectors the
# operating system tells us which socket is readable, so that no call blocks
# and one thread is enough; that also means that no lock is needed.
import selectors
import socket

sel = selectors.DefaultSelector()
state = {"clients": [], "messages": []}


def on_connect(listener):
    conn, addr = listener.accept()
    label = "XY"[len(state["clients"])]
    state["clients"].append((label, conn))
    print(f"{addr} connected, calling it client {label}")
    if len(state["clients"]) == 2:
        # nobody else is accepted, and only now somebody may talk
        sel.unregister(listener)
        for label, conn in state["clients"]:
            conn.send(f"Client {label} connected".encode())
            sel.register(conn, selectors.EVENT_READ, (on_message, label))


def on_message(conn, label):
    text = conn.recv(1024).decode().strip()
    sel.unregister(conn)
    state["messages"].append((label, text))
    print(f"Client {label} sent message {len(state['messages'])}: {text}")


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("0.0.0.0", 12000))
listener.listen()
sel.register(listener, selectors.EVENT_READ, (on_connect,))
print("The server is waiting to receive 2 connections....")

while len(state["messages"]) < 2:
    for key, _ in sel.select():
        callback, *more = key.data
        callback(key.fileobj, *more)

(a, m1), (b, m2) = state["messages"]
for _, conn in state["clients"]:
    conn.send(f'From Server: "{a}: {m1}" received before "{b}: {m2}"'.encode())
    conn.close()
print("Sent acknowledgment to both X and Y")
