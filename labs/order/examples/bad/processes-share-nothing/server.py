# PA3 server
# Multithreading: two things have to be waited for at once. We used
# multiprocessing, which has the same functions as threading.
from multiprocessing import Process
from socket import *

messages = []


def getMessage(name, conn):
    text = conn.recv(1024).decode()
    messages.append(name + ': ' + text)
    print('Client', name, 'sent message', len(messages), ':', text)


if __name__ == '__main__':
    serverSocket = socket(AF_INET, SOCK_STREAM)
    serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    serverSocket.bind(('', 12000))
    serverSocket.listen(2)
    print('The server is waiting to receive 2 connections....')
    x, addr = serverSocket.accept()
    y, addr = serverSocket.accept()
    x.send('Client X connected'.encode())
    y.send('Client Y connected'.encode())
    one = Process(target=getMessage, args=('X', x))
    two = Process(target=getMessage, args=('Y', y))
    one.start()
    two.start()
    one.join()
    two.join()
    result = messages[0] + ' received before ' + messages[1]
    x.send(result.encode())
    y.send(result.encode())
    print('Sent acknowledgment to both X and Y')
