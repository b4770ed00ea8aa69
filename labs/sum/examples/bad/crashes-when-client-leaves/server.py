import socket
s = socket.socket(); s.bind(("", 12000)); s.listen(1)
c, a = s.accept()
while True:
    d = c.recv(1024).decode()
    name, n = d.split(":")
    n = int(n)
    print(name, "has connected to Server of Seal", n, "+ 42 =", n + 42)
    c.send(b"Server of Seal:42")
    if n < 1 or n > 100:
        c.close(); s.close(); break
