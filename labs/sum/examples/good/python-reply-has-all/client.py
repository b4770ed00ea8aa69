# Socket project, Team 3 - the client
import socket

HOST = "localhost"
PORT = 12000

number = int(input("Please enter an integer: "))
client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
client.connect((HOST, PORT))
client.send(f"Client of Team 3: {number}".encode())
print(client.recv(1024).decode())
client.close()
