import socket
s = socket.socket(); s.bind(("", 7171)); s.listen(1)
def get(c):
    n = int(c.recv(4).decode())
    return c.recv(n).decode()
def put(c, t):
    c.send(("%04d" % len(t)).encode()); c.send(t.encode())
while True:
    c, a = s.accept()
    name = get(c); num = int(get(c))
    print(f"{name} has connected to Server of Hare")
    print(f"{num} and 42 make {num + 42}")
    put(c, "Server of Hare"); put(c, "42")
    c.close()
    if num < 1 or num > 101:
        s.close(); break
