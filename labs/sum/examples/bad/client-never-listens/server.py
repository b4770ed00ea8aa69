import socket
s = socket.socket()
s.bind(("", 12000))
s.listen(1)
while True:
    c, a = s.accept()
    d = eval(c.recv(1024).decode())
    print("client name = %s, server name = Server of Kudu" % d["name"])
    print("client number = %d, server number = 42" % d["number"])
    print("sum = %d" % (d["number"] + 42))
    try:
        c.send(str({"name": "Server of Kudu", "number": 42}).encode())
    except OSError:
        pass
    c.close()
    if d["number"] < 1 or d["number"] > 100:
        s.close()
        exit()
