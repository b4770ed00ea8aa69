# PA3 server
#
# Why threads? recv() waits until its client says something. With one thread
# the server would have to choose a client to wait for, and the other one
# could have been first. So every client gets a thread of its own.
import socket
import threading
import time

connections = {}
messages = {}
order = []                    # labels, in the order in which messages came
everything = threading.Event()


def talk(label, other):
    text = connections[label].recv(1024).decode()
    first = not order         # nobody was here before me
    time.sleep(0.25)          # my laptop prints too fast to watch
    order.append(label)
    messages[label] = text
    print("Client %s sent message %d: %s" % (label, len(order), text))
    if len(order) == 2:
        everything.set()
    everything.wait()
    one, two = (label, other) if first else (other, label)
    answer = "%s: %s received before %s: %s" % (one, messages[one], two, messages[two])
    connections[label].send(answer.encode())


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
print("The server is waiting to receive 2 connections....")
for label in "XY":
    connections[label], address = listener.accept()
    print("Accepted a connection, calling it client", label)
for label in "XY":
    connections[label].send(("Client %s connected" % label).encode())
threads = [
    threading.Thread(target=talk, args=pair) for pair in (("X", "Y"), ("Y", "X"))
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("Sent acknowledgment to both X and Y")
for connection in connections.values():
    connection.close()
