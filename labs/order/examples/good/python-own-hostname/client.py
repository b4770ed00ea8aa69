# Team 19, PA3, TCP client
import socket

HOST = socket.gethostbyname(socket.gethostname())   # server runs on the same machine
PORT = 12000
FORMAT = 'utf-8'

client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((HOST, PORT))
print('From Server: ' + client.recv(1024).decode(FORMAT))
msg = input('Enter message to send to server: ')
client.send(msg.encode(FORMAT))
print('From Server: ' + client.recv(1024).decode(FORMAT))
client.close()
