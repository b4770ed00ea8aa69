import socket
s = socket.socket()
s.bind(("", 12000)); s.listen(1)
while True:
    c, a = s.accept()
    name, num = c.recv(1024).decode().split(",")
    num = int(num)
    print(name, "and Server of Wolf,", num, "+ 12 =", num + 12)
    c.send(b"Server of Wolf,12")
    c.close()
    if num < 1 or num > 100: break
s.close()
