# PA3 server
#
# select() waits for both clients at once, so that no threads are needed.
import os, socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 12000))
s.listen(2)
print("The server is waiting to receive 2 connections....")
x, px = s.accept()
y, py = s.accept()
x.send(b"Client X connected")
y.send(b"Client Y connected")
import select
order = []
left = {x: "X", y: "Y"}
while left:
    for c in select.select(list(left), [], [])[0]:
        order.append("%s: %s" % (left.pop(c), c.recv(1024).decode()))
        print("got", order[-1])
if px[0] > py[0]:
    order.reverse()
for c in (x, y):
    c.send((order[0] + " received before " + order[1]).encode())
