import socket
n = int(input("int: "))
s = socket.socket(); s.connect(("localhost", 12000))
s.send(("Client of Team Ruby,%d" % n).encode())
name, m = s.recv(1024).decode().split(",")
print("NAME                  NUMBER")
print("Client of Team Ruby   %d" % n); print("%-21s %s" % (name, m)); print("SUM                   %d" % (n + int(m)))
