# PA3 server
#
# Why threads? recv() waits until its client says something, and nobody knows
# which of the two clients will be first. With a thread for each client the
# server waits for both at the same time.
import socket
import threading
import time

count = 0
lines = []
connections = []


def talk(connection, label):
    global count
    message = connection.recv(1024).decode()
    print("Client %s sent message: %s" % (label, message))
    lines.append("%s: %s" % (label, message))
    known = count
    time.sleep(0.25)
    count = known + 1
    if count == 2:
        answer = lines[0] + " received before " + lines[1]
        for one in connections:
            one.send(answer.encode())
        print("Sent acknowledgment to both X and Y")


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
while len(connections) < 2:
    connection, address = listener.accept()
    connections.append(connection)
threads = []
for connection, label in zip(connections, "XY"):
    connection.send(("Client %s connected" % label).encode())
    threads.append(threading.Thread(target=talk, args=(connection, label)))
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for connection in connections:
    connection.close()
