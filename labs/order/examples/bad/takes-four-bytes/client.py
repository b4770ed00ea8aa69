import socket, sys, time

s = socket.socket()
s.connect(("localhost", 12000))
print("From Server:", s.recv(1024).decode())
m = input("Enter message to send to server: ")
s.sendall(m.encode())

print("From Server:", s.recv(1024).decode())
s.close()
