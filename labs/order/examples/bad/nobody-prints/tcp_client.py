# Team 16, PA3 client
import socket

HOST = 'localhost'
PORT = 12000

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((HOST, PORT))
s.recv(1024)
msg = input('Enter message to send to server: ')
s.send(msg.encode('utf-8'))
s.recv(1024)
s.close()
