import socket, pickle, sys
me = {"name": "Server of Goose", "number": int(sys.argv[1]) if len(sys.argv) > 1 else 42}
print("I am", me["name"], "with number", me["number"])
s = socket.socket(); s.bind(("", 9999)); s.listen(1)
while 1:
    c, a = s.accept()
    d = pickle.loads(c.recv(4096))
    print("client:", d["name"], d["number"], "-> sum", d["number"] + me["number"])
    c.sendall(pickle.dumps(me)); c.close()
    if d["number"] < 1 or d["number"] > 100:
        s.close()
        sys.exit("Client number out of range, server stopped")
