# PA3 Team 13 client
import socket
import time

s = socket.socket()
s.connect(("localhost", 12000))
print("From Server:", s.recv(1024).decode())
time.sleep(0.3)
m = input("Enter message to send to server: ")
s.send(m.encode())
print("waiting for the other client...")
time.sleep(0.5)
print("From Server:", s.recv(1024).decode())
s.close()
