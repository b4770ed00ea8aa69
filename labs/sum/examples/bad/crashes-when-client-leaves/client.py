import socket
n = int(input("n: "))
s = socket.socket(); s.connect(("localhost", 12000))
s.send(("Client of Seal:%d" % n).encode())
name, m = s.recv(1024).decode().split(":")
print("Client of Seal", n); print(name, m); print(n + int(m))
