import socket, time
s = socket.socket()
s.bind(("", 12000))
while True:
    time.sleep(1)
