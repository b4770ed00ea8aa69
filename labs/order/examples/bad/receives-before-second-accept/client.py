# PA3 Team 23
from socket import *

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect(('localhost', 12000))
message = input('Enter message to send to server: ')
clientSocket.send(message.encode())

# greeting and result, each on a line of its own
for line in clientSocket.makefile():
    print('From Server: ' + line.strip())
clientSocket.close()
