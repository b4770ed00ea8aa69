import socket
n = int(input("int: "))
s = socket.socket(); s.connect(("localhost", 12000))
s.send(("Eve:%d" % n).encode())
name, m = s.recv(1024).decode().split(":")
print("client name: Eve server name:", name)
print(n, "+", m, "=", n + int(m))
