# OLD, no threads yet, does not work when Y is first!!
from socket import *

s = socket(AF_INET, SOCK_STREAM)
s.bind(("", 12000))
s.listen(1)
x, _ = s.accept()
y, _ = s.accept()
a = x.recv(1024).decode()
b = y.recv(1024).decode()
for c in (x, y):
    c.send(("X: " + a + " received before Y: " + b).encode())
