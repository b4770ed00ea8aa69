import socket, sys, time

s = socket.socket()
s.connect(("localhost", 12000))
print("From Server:", s.recv(1024).decode())
m = input("Enter message to send to server: ")
s.sendall(m.encode())
import json
d = json.loads(s.recv(1024).decode())
print("From Server: %s: %s received before %s: %s" % (d["first"]["label"], d["first"]["message"], d["second"]["label"], d["second"]["message"]))
