"""
Team 18                      PA3 server

Multithreading: with one thread and blocking calls, the server would have to
choose which client it reads from first, and would always say that this client
was the first. Instead of threads we use a selector, which waits for both
clients in one place and tells us which of them is ready.
"""
import selectors
import socket

sel = selectors.DefaultSelector()
listener = socket.create_server(("", 12000))
print("The server is waiting to receive 2 connections....")

names = {}
for name, nth in (("X", "first"), ("Y", "second")):
    conn, _ = listener.accept()
    print(f"Accepted {nth} connection, calling it client {name}")
    names[conn] = name

for conn, name in names.items():
    conn.sendall(f"Client {name} connected\n".encode())
    sel.register(conn, selectors.EVENT_READ)

print("Waiting to receive messages from client X and client Y....")
received = []
ready = sel.select()
for number in (1, 2):
    for key, _ in ready:
        conn = key.fileobj
        message = conn.recv(1024).decode().strip()
        received.append((names[conn], message))
        print(f"Client {names[conn]} sent message {len(received)}: {message}")

reply = "{}: {} received before {}: {}\n".format(*received[0], *received[1])
for conn in names:
    conn.sendall(reply.encode())
    conn.close()
print("Sent acknowledgment to both X and Y")
listener.close()
