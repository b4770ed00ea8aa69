import socket
NAME, NUMBER = "Server 1", 25
print(NAME, "has the number", NUMBER)
s = socket.socket(); s.bind(("", 8888)); s.listen(1)
stop = False
while not stop:
    c, a = s.accept()
    n, name = c.recv(1024).decode().split("\r\n")[:2]
    n = int(n)
    print(name, "connected with", n)
    print("sum:", n + NUMBER)
    c.send((str(NUMBER) + "\r\n" + NAME + "\r\n").encode())
    c.close()
    stop = n > 100 or n < 1
s.close()
