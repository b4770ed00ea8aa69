# Programming Assignment #3, server                         Team 5
#
# Explanation why we need multithreading for this assignment:
# - recv() is blocking
# - the clients may send in any order
# - so 2 recv() calls must be waiting at the same time => 2 threads
# - the threads share first/second, with a lock so only one can be "first"
from socket import *
import threading

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('0.0.0.0', 12000))
serverSocket.listen(2)

first = None
second = None
lock = threading.Lock()


def strip_name(message, name):
    # our client sends "Client X: Alice", in the answer it is "X: Alice"
    start = 'Client ' + name + ': '
    if message.startswith(start):
        message = message[len(start):]
    return name + ': ' + message


def worker(name, sock):
    global first, second
    message = sock.recv(1024).decode()
    with lock:
        if first is None:
            first = strip_name(message, name)
            number = 1
        else:
            second = strip_name(message, name)
            number = 2
        print('Client', name, 'sent message', number, ':', message)


print('The server is waiting to receive 2 connections....')
socks = {}
for name, which in [('X', 'first'), ('Y', 'second')]:
    socks[name], addr = serverSocket.accept()
    print('Accepted', which, 'connection, calling it client', name)

for name in socks:
    socks[name].send(('Client ' + name + ' connected').encode())

print('Waiting to receive messages from client X and client Y....')
workers = [threading.Thread(target=worker, args=pair) for pair in socks.items()]
for w in workers:
    w.start()
for w in workers:
    w.join()

for sock in socks.values():
    sock.send((first + ' received before ' + second).encode())
print('Sent acknowledgment to both X and Y')
for sock in socks.values():
    sock.close()
print('Done.')
