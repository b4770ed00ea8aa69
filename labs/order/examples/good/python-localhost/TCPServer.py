from socket import *
from threading import Thread, Lock

credits = """
CST 311 PA3 - Team 6
Why multithreading: the server has to wait for Client X and Client Y at the
same moment. receiving is a blocking call, so with one thread the client which
is asked first would always "win", no matter who typed first. With 2 threads
the messages are handled when they come in. Both threads add to the same
dictionary/list so a Lock is used.
"""

HOST = 'localhost'
PORT = 12000

order = []
text = {}
mutex = Lock()

def clientThread(c, who):
    global order, text
    m = c.recv(1024).decode('ascii')
    with mutex:
        text[who] = m
        order += [who]
        print('Client', who, 'sent message', str(len(order)) + ':', m)

s = socket(AF_INET, SOCK_STREAM)
s.bind((HOST, PORT))
s.listen(2)
print('The server is waiting to receive 2 connections....')
x, ax = s.accept()
print('Accepted first connection, calling it client X', ax)
y, ay = s.accept()
print('Accepted second connection, calling it client Y', ay)
x.send('Client X connected'.encode('ascii'))
y.send('Client Y connected'.encode('ascii'))
print('Waiting to receive messages from client X and client Y....')
t1 = Thread(target=clientThread, args=(x, 'X'))
t2 = Thread(target=clientThread, args=(y, 'Y'))
t1.start(); t2.start()
t1.join(); t2.join()
a, b = order
final = a + ': ' + text[a] + ' received before ' + b + ': ' + text[b]
x.send(final.encode('ascii'))
y.send(final.encode('ascii'))
print('Sent acknowledgment to both X and Y')
print('Waiting a bit for clients to close their connections')
x.close()
y.close()
s.close()
print('Done.')
