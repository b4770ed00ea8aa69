# Team 22 - PA3 server
# Multithreading: the server must take the messages of X and Y in any order,
# and a blocking receive on one client would hold up the other one. Here both
# clients send to the same socket, so one recvfrom() gets whichever is first.
from socket import *

serverSocket = socket(AF_INET, SOCK_DGRAM)
serverSocket.bind(('', 12000))
print('The server is waiting to receive 2 connections....')

hello, addressX = serverSocket.recvfrom(1024)
print('Accepted first connection, calling it client X')
hello, addressY = serverSocket.recvfrom(1024)
print('Accepted second connection, calling it client Y')
serverSocket.sendto('Client X connected'.encode(), addressX)
serverSocket.sendto('Client Y connected'.encode(), addressY)

print('Waiting to receive messages from client X and client Y....')
name = {addressX: 'X', addressY: 'Y'}
messages = []
while len(messages) < 2:
    data, address = serverSocket.recvfrom(1024)
    messages.append(name[address] + ': ' + data.decode())
    print('Client', name[address], 'sent message', str(len(messages)) + ':', data.decode())

for address in (addressX, addressY):
    serverSocket.sendto((messages[0] + ' received before ' + messages[1]).encode(), address)
print('Sent acknowledgment to both X and Y')
