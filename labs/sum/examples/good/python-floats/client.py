import socket
n = input("Your integer: ")
s = socket.socket(); s.connect(("localhost", 12000))
s.send(("Sancho " + n).encode())
who, m = s.recv(1024).decode().split()
print("Sancho", n, "and", who, m, "have", float(n) + float(m))
