import socket, struct, threading, os, time
lock = threading.Lock(); recs = []; active = [0]
def pack(b): return struct.pack(">I", len(b)) + b
def get(c):
    h = c.recv(4, socket.MSG_WAITALL)
    if len(h) < 4: return None
    return c.recv(struct.unpack(">I", h)[0], socket.MSG_WAITALL)
def run(c, r):
    c.sendall(pack(r[0].encode()))
    while True:
        m = get(c)
        if m is None or m == b"exit": break
        if m == b"status": c.sendall(pack("\n".join("%s|%s|%s" % tuple(x) for x in recs).encode()))
        elif m == b"list": c.sendall(pack("\n".join(os.listdir("files")).encode()))
        elif m.startswith(b"get "):
            p = os.path.join("files", os.path.basename(m[4:].decode()))
            if not os.path.isfile(p): c.sendall(pack(b"ERR file does not exist")); continue
            c.sendall(pack(b"OK"))
            with open(p, "rb") as f:
                while True:
                    b = f.read(4096)
                    c.sendall(pack(b))       # an empty block is the end
                    if not b: break
        else: c.sendall(pack(m + b" ACK"))
    with lock: active[0] -= 1; r[2] = time.ctime()
    c.close()
os.makedirs("files", exist_ok=True)
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("", 10000)); s.listen()
print("server on 10000")
while True:
    c, a = s.accept()
    with lock:
        if active[0] == 3: c.sendall(pack(b"FULL")); c.close(); continue
        active[0] += 1; r = ["Client%02d" % (len(recs) + 1), time.ctime(), "active"]; recs.append(r)
    threading.Thread(target=run, args=(c, r), daemon=True).start()
