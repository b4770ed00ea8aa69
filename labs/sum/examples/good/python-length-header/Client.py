import socket
HEADER = 64
ADDR = ("10.0.0.1", 7777)
NAME = "client of Group Nine"
number = int(input("number? "))
c = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
c.connect(ADDR)
m = f"{NAME};{number}".encode()
l = str(len(m)).encode()
l += b" " * (HEADER - len(l))
c.send(l)
c.send(m)
reply = c.recv(2048).decode()
sname, snum = reply.split(";")
print(f"client: {NAME} ({number})\nserver: {sname} ({snum})\nsum: {number + int(snum)}")
