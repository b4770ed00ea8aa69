import socket, sys, time

s = socket.socket()
s.connect(("localhost", 12000))
print("From Server:", s.recv(1024).decode("utf-16"))
m = input("Enter message to send to server: ")
s.sendall(m.encode("utf-16"))

print("From Server:", s.recv(1024).decode("utf-16"))
s.close()
