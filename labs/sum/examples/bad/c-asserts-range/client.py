import socket
n = int(input("int: "))
s = socket.socket(); s.connect(("localhost", 12000))
s.send(("Client of Tuna:%d" % n).encode())
name, m = s.recv(1024).decode().split(":")
print("Client of Tuna", n, name, m, "sum", n + int(m))
