# PA3 Team 23
# We need multithreading so that both clients can be served at the same time
# and the one that is faster does not have to wait for the slower one.
from socket import *

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
serverSocket.bind(('', 12000))
serverSocket.listen(2)
print('The server is waiting to receive 2 connections....')

x, addr = serverSocket.accept()
print('Accepted first connection, calling it client X')
messageX = x.recv(1024).decode()
print('Client X sent message 1: ' + messageX)

y, addr = serverSocket.accept()
print('Accepted second connection, calling it client Y')
x.send('Client X connected\n'.encode())
y.send('Client Y connected\n'.encode())
messageY = y.recv(1024).decode()
print('Client Y sent message 2: ' + messageY)

result = 'X: ' + messageX + ' received before Y: ' + messageY + '\n'
x.send(result.encode())
y.send(result.encode())
print('Sent acknowledgment to both X and Y')
x.close()
y.close()
