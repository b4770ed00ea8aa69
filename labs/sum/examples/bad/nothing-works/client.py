import socket
n = int(input("n: "))
s = socket.socket(); s.connect(("localhost", 12000))
s.send("Client of None: " + n)
print(s.recv(100))
