import socket, struct
s = socket.create_connection(("127.0.0.1", 10000))
def send(t): s.sendall(struct.pack(">I", len(t)) + t)
def get():
    n = struct.unpack(">I", s.recv(4, socket.MSG_WAITALL))[0]
    return s.recv(n, socket.MSG_WAITALL) if n else b""
me = get().decode(); print(me)
while me != "FULL":
    t = input("> ").encode()
    if not t: continue
    send(t)
    if t == b"exit": break
    r = get()
    if t.startswith(b"get ") and r == b"OK":
        with open("received_" + t[4:].decode(), "wb") as f:
            b = get()
            while b: f.write(b); b = get()
        print("saved")
    else: print(r.decode())
s.close()
