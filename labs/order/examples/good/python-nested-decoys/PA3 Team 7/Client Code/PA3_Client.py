# PA3 TCP Client
# Team 7
from socket import *

server_name = "localhost"
server_port = 12000

client_socket = socket(AF_INET, SOCK_STREAM)
client_socket.connect((server_name, server_port))
print(client_socket.recv(1024).decode())            # From Server: Client ... connected
message = input("Enter message to send to server: ")
client_socket.send(message.encode())
print("Message sent:", message)
print(client_socket.recv(1024).decode())            # From Server: ... received before ...
client_socket.close()
