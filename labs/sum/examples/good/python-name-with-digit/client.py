import socket
n = int(input("Enter int: "))
s = socket.socket(); s.connect(("localhost", 8888))
s.send((str(n) + "\r\nClient 1\r\n").encode())
m, name = s.recv(1024).decode().split("\r\n")[:2]
print("Client 1", n)
print(name, m)
print("Sum", n + int(m))
