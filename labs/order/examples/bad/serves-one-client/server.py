# PA3 server
# No threads are needed because accept() is called in a loop.
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 12000))
serverSocket.listen(1)
print('The server is waiting to receive 2 connections....')
names = ['X', 'Y']
messages = []
for name in names:
    connection, addr = serverSocket.accept()
    connection.send(('Client ' + name + ' connected').encode())
    message = connection.recv(1024).decode()
    messages.append(name + ': ' + message)
    print('Client ' + name + ' sent message ' + str(len(messages)) + ': ' + message)
    if len(messages) == 2:
        connection.send((messages[0] + ' received before ' + messages[1]).encode())
    else:
        connection.send('waiting for the other client'.encode())
    connection.close()
print('Done.')
