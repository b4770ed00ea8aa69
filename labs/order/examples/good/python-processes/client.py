# PA3 Client - Team 33
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(('10.0.0.1', 12000))
print('From Server: ' + s.recv(2048).decode())
s.send(input('Enter message to send to server: ').encode())
print('From Server: ' + s.recv(2048).decode())
s.close()
