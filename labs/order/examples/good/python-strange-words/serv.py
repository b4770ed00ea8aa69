# Team 41, PA 3
# Threads: one per client, so nobody is kept waiting by a slow typist; the
# queue hands the names over in the order they came in.
from socket import *
from threading import Thread
from queue import Queue

inbox = Queue()
people = []


def listen_to(who, sock):
    inbox.put((who, sock.recv(500).decode().strip()))


s = socket()
s.bind(('', 11235))
s.listen(2)
print('... waiting ...')
for who in 'XY':
    people.append((who, s.accept()[0]))
    print('got client', who)
for who, sock in people:
    sock.send(('*** Welcome! You are now connected as client "%s". ***\n' % who).encode())
    Thread(target=listen_to, args=(who, sock)).start()

one = inbox.get()
print('1st:', one)
two = inbox.get()
print('2nd:', two)
for who, sock in people:
    sock.send(b'*** ')
    sock.send(('%s (from client %s) was RECEIVED BEFORE ' % one[::-1]).encode())
    sock.send(('%s (from client %s) ***\n' % two[::-1]).encode())
    sock.close()
