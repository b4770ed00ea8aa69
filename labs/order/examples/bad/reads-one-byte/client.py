# PA3 client
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('10.0.0.1', 12000))
print('From Server:', clientSocket.recv(1024).decode())
sentence = input('Enter message to send to server: ')
clientSocket.send(sentence.encode())
print('From Server:', clientSocket.recv(1024).decode())
clientSocket.close()
