# Team 16, PA3 client
import socket

HOST = 'localhost'
PORT = 12000

# one socket for sending and one for receiving
sender = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sender.connect((HOST, PORT))
receiver = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
receiver.connect((HOST, PORT))

print('From Server:', receiver.recv(1024).decode('utf-8'))
msg = input('Enter message to send to server: ')
sender.send(msg.encode('utf-8'))
print('From Server:', receiver.recv(1024).decode('utf-8'))
sender.close()
receiver.close()
