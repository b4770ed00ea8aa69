import socket
def get(c):
    n = int(c.recv(4).decode())
    return c.recv(n).decode()
def put(c, t):
    c.send(("%04d" % len(t)).encode()); c.send(t.encode())
n = int(input("Number 1-100: "))
while n < 1 or n > 100:
    n = int(input("Number 1-100!! "))
c = socket.socket(); c.connect(("localhost", 7171))
put(c, "Client of Hare"); put(c, str(n))
name = get(c); m = int(get(c))
print("Client of Hare", n, "/", name, m, "/ sum", n + m)
