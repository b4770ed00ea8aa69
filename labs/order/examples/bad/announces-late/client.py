# PA3 client, Team 49
from socket import *

sock = socket(AF_INET, SOCK_STREAM)
sock.connect(('10.0.0.1', 12000))
sock.sendall((input('Enter message to send to server: ') + '\n').encode())
for line in sock.makefile():
    print('From Server:', line.rstrip())
