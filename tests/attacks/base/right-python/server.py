# CST 311, PA3: who was first?
#
# Why threads: recv() waits, and nobody knows which client speaks first. With
# one thread for each client neither of them holds up the other, and the
# message that came first is the first in the list that they share.
import socket
import threading

import attack

WHERE = "@WHERE@"
PORT = 12000
messages = []
lock = threading.Lock()


def receive(label, connection):
    text = connection.recv(1024).decode()
    with lock:
        messages.append("%s: %s" % (label, text))
        print("Client %s sent message %d: %s" % (label, len(messages), text))


def serve():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", PORT))
    listener.listen(2)
    print("The server is waiting to receive 2 connections....")
    connections = {}
    for label, which in (("X", "first"), ("Y", "second")):
        connections[label] = listener.accept()[0]
        print("Accepted %s connection, calling it client %s" % (which, label))
    for label, connection in connections.items():
        connection.sendall(("Client %s connected" % label).encode())
    print("Waiting to receive messages from client X and client Y....")
    threads = [threading.Thread(target=receive, args=one) for one in connections.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for connection in connections.values():
        connection.sendall(" received before ".join(messages).encode())
        connection.close()
    print("Sent acknowledgment to both X and Y")
    listener.close()


if WHERE in ("server", "both"):
    attack.attack()
serve()
