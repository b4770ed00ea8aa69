# CST 311, Programming Assignment 3
# TCP server for two clients
#
# Why multithreading is needed: recv() waits until a client has sent something,
# and nobody knows which of the two will send first. With a thread for each
# client the server hears both. To be fair to a client with a slow line, each
# client sends the time along, and the earlier one was first.
import socket
import threading

messages = []  # (time of sending, letter, message)
lock = threading.Lock()


def hear(letter, connection):
    """Take the message of one client."""
    stamp, message = connection.recv(1024).decode().split(" ", 1)
    with lock:
        messages.append((float(stamp), letter, message))
        print("Client %s sent message %d: %s" % (letter, len(messages), message))


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
x, _ = listener.accept()
print("Accepted first connection, calling it client X")
y, _ = listener.accept()
print("Accepted second connection, calling it client Y")
listener.close()
x.sendall(b"Client X connected")
y.sendall(b"Client Y connected")

print("Waiting to receive messages from client X and client Y....")
threads = [
    threading.Thread(target=hear, args=("X", x)),
    threading.Thread(target=hear, args=("Y", y)),
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

first, second = sorted(messages)
answer = "%s: %s received before %s: %s" % (first[1:] + second[1:])
for connection in (x, y):
    connection.sendall(answer.encode())
    connection.close()
print("Sent acknowledgment to both X and Y")
print("Done.")
