# Team 25, Programming Assignment 3, Server
# Multithreading: needed to handle 2 clients at once (X and Y). Each client is
# handled separately so that the messages can come in at the same time.
from socket import *

port = 12000
sock = socket(AF_INET, SOCK_STREAM)
sock.bind(('', port))
sock.listen(2)
print('The server is waiting to receive 2 connections....')

clientX, addrX = sock.accept()
print('Accepted first connection, calling it client X')
clientY, addrY = sock.accept()
print('Accepted second connection, calling it client Y')
clientX.send(b'Client X connected')
clientY.send(b'Client Y connected')

print('Waiting to receive messages from client X and client Y....')
messageX = clientX.recv(1024).decode()
print('Client X sent message 1:', messageX)
messageY = clientY.recv(1024).decode()
print('Client Y sent message 2:', messageY)

reply = 'X: ' + messageX + ' received before Y: ' + messageY
clientX.send(reply.encode())
clientY.send(reply.encode())
print('Sent acknowledgment to both X and Y')
clientX.close()
clientY.close()
print('Done.')
