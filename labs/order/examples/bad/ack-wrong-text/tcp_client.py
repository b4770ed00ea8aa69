# Team 16, PA3 client
import socket

HOST = 'localhost'
PORT = 12000

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((HOST, PORT))
data = s.recv(1024)
print('From Server:', data.decode('utf-8'))
msg = input('Enter message to send to server: ')
s.send(msg.encode('utf-8'))
data = s.recv(1024)
print('From Server:', data.decode('utf-8'))
s.close()
