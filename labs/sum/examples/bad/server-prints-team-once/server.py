import socket
s = socket.socket(); s.bind(("", 12000)); s.listen(1)
while True:
    c, a = s.accept()
    name, n = c.recv(1024).decode().split(",")
    n = int(n)
    print("Server of Team Ruby got a client from", a)
    print("CLIENT NUMBER  SERVER NUMBER  SUM")
    print("%13d  %13d  %3d" % (n, 42, n + 42))
    c.send(b"Server of Team Ruby,42"); c.close()
    if n < 1 or n > 100: s.close(); break
