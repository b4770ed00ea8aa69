# Team 24, PA3 server
#
# Threads are needed since the server must be able to receive from both clients
# at once. The blocking recv() of one client then does not stop the other one.
import socket
import threading

messages = []
lock = threading.Lock()

def receive(name, conn):
    text = conn.recv(1024).decode()
    with lock:
        messages.append(name + ": " + text)
        print("Client " + name + " sent message " + str(len(messages)) + ": " + text)

server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("", 12000))
server.listen(2)
print("The server is waiting to receive 2 connections....")

one, _ = server.accept()
print("Accepted first connection")
two, _ = server.accept()
print("Accepted second connection")

# each client says which one it is
clients = {}
for conn in (one, two):
    name = conn.recv(1).decode()
    print("This is client " + name)
    clients[name] = conn
for name, conn in clients.items():
    conn.send(("Client " + name + " connected").encode())

print("Waiting to receive messages from client X and client Y....")
threads = [threading.Thread(target=receive, args=item) for item in clients.items()]
for t in threads:
    t.start()
for t in threads:
    t.join()
for conn in clients.values():
    conn.send((messages[0] + " received before " + messages[1]).encode())
    conn.close()
print("Sent acknowledgment to both X and Y")
