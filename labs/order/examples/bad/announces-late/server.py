# PA3 server, Team 49
#
# Threads are needed since readline() blocks: each client is read in a thread
# of its own, and the faster client is in front in the list.
from socket import *
from threading import Thread, Lock

listener = socket(AF_INET, SOCK_STREAM)
listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
listener.bind(('', 12000))
listener.listen(2)
print('The server is waiting to receive 2 connections....')
clients = {'X': listener.accept()[0], 'Y': listener.accept()[0]}
print('X and Y are connected')

arrived = []
lock = Lock()


def read_from(name, sock):
    text = sock.makefile().readline().strip()
    with lock:
        arrived.append('%s: %s' % (name, text))
        print('Client %s sent message %d: %s' % (name, len(arrived), text))


threads = [Thread(target=read_from, args=item) for item in clients.items()]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

for name, sock in clients.items():
    sock.sendall(('Client %s connected\n' % name).encode())
    sock.sendall((' received before '.join(arrived) + '\n').encode())
    sock.close()
print('Sent acknowledgment to both X and Y')
