# Team 26 - PA3 - server
#
# Multithreading is needed so the server can echo to both clients at the same
# time. While one thread waits in recv() the other one can go on.
from socket import *
from threading import Thread

count = 0


def echo(name, sock):
    global count
    message = sock.recv(2048)
    count += 1
    print('Client', name, 'sent message', str(count) + ':', message.decode())
    sock.send(message)
    sock.close()


welcome = socket(AF_INET, SOCK_STREAM)
welcome.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
welcome.bind(('', 12000))
welcome.listen(2)
print('The server is waiting to receive 2 connections....')
x, _ = welcome.accept()
print('Accepted first connection, calling it client X')
y, _ = welcome.accept()
print('Accepted second connection, calling it client Y')
x.send('Client X connected'.encode())
y.send('Client Y connected'.encode())
print('Waiting to receive messages from client X and client Y....')
Thread(target=echo, args=('X', x)).start()
Thread(target=echo, args=('Y', y)).start()
