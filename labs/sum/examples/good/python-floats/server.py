import socket
s = socket.socket(); s.bind(("", 12000)); s.listen(1)
while True:
    c, a = s.accept()
    who, x = c.recv(1024).decode().split()
    x = float(x)
    print("Hi", who, "this is Zorro")
    print("You sent", x, "and I have", 42.0, "so we have", x + 42.0)
    c.send("Zorro 42".encode()); c.close()
    if x < 1 or x > 100:
        s.close(); exit(0)
