# Team 22 - PA3 client
from socket import *

server = ('10.0.0.1', 12000)
clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.sendto('hello'.encode(), server)

greeting, address = clientSocket.recvfrom(1024)
print('From Server:', greeting.decode())
message = input('Enter message to send to server: ')
clientSocket.sendto(message.encode(), server)
answer, address = clientSocket.recvfrom(1024)
print('From Server:', answer.decode())
clientSocket.close()
