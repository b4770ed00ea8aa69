# Team 24, PA3 client X
import socket

NAME = "X"

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("10.0.0.1", 12000))
sock.send(NAME.encode())        # tell the server who we are
print("From Server:", sock.recv(1024).decode())
message = input("Enter message to send to server: ")
sock.send(message.encode())
print("From Server:", sock.recv(1024).decode())
sock.close()
