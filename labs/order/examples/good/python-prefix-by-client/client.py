# Programming Assignment #3, client                         Team 5
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('10.0.0.1', 12000))

greeting = clientSocket.recv(1024).decode()     # "Client X connected"
print('From Server:', greeting)
me = greeting.split()[1]

name = input('Enter a name to send to server: ')
message = 'Client ' + me + ': ' + name
clientSocket.send(message.encode())
print(message)

print('From Server:', clientSocket.recv(1024).decode())
clientSocket.close()
