# PA3 server
#
# Why threads? The two clients may write in any order, and recv() stops the
# program until its client writes. A thread for each client solves that.
import socket
import threading
import time

label = ""                    # of the client that is being served
lines = []
connections = {}


def talk(mine):
    global label
    message = connections[mine].recv(1024).decode()
    label = mine
    time.sleep(0.25)
    print("Client %s sent message %d: %s" % (label, len(lines) + 1, message))
    lines.append(label + ": " + message)


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
for one in ("X", "Y"):
    connections[one], address = listener.accept()
for one in ("X", "Y"):
    connections[one].send(("Client " + one + " connected").encode())
threads = [threading.Thread(target=talk, args=one) for one in ("X", "Y")]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for connection in connections.values():
    connection.send((lines[0] + " received before " + lines[1]).encode())
    connection.close()
print("Sent acknowledgment to both X and Y")
