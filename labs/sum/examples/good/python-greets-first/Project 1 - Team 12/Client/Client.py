# Team 12, Project 1, client
import socket

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 65432))
print(s.recv(1024).decode())                    # Welcome ...

value = input("Type a whole number from 1 to 100 and press enter: ")
s.sendall(("Client of Team 12: " + value).encode())
answer = s.recv(1024).decode()
s.close()

server_name, server_value = answer.rsplit(": ", 1)
print("Sent by Client of Team 12:", value)
print("Received from", server_name + ":", server_value)
print("Total:", int(value) + int(server_value))
