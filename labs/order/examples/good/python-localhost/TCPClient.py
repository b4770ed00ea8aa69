# CST 311 PA3 - Team 6 - client, start it two times
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.connect(('127.0.0.1', 12000))
who = s.recv(1024).decode('ascii')
print('From Server: ' + who)
m = input('Enter message to send to server: ')
s.send(m.encode('ascii'))
print('From Server: ' + s.recv(1024).decode('ascii'))
s.close()
