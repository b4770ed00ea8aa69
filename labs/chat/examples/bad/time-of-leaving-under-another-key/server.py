import socket, threading, os, time
clients = {}
count = 0
def t(): return time.strftime("%H:%M:%S")
def run(c, n):
    global count
    me = clients[n]
    c.sendall(n.encode())
    while True:
        d = c.recv(1024)
        if not d: break
        m = d.decode()
        if m == "exit": break
        elif m == "status":
            c.sendall("\n".join("%s: connected %s, disconnected %s" % (k, v["start"], v.get("end", "-")) for k, v in clients.items()).encode())
        elif m == "list": c.sendall(("%d file(s)\n" % len(os.listdir("files"))).encode())
        elif m.startswith("get "):
            try: x = open("files/" + m[4:], "rb").read()
            except OSError: c.sendall(b"Sorry, that file does not exist"); continue
            c.sendall(x)
        else: c.sendall(d + b" ACK")
    me["End"] = t()      # wrong key
    c.close()
    clients[n]["on"] = False
os.makedirs("files", exist_ok=True)
s = socket.socket(); s.bind(("", 12345)); s.listen(); print("*")
while True:
    c, a = s.accept()
    if sum(v["on"] for v in clients.values()) >= 3: c.sendall(b"no place"); c.close(); continue
    count += 1; n = "Client%02d" % count
    clients[n] = {"start": t(), "on": True}
    threading.Thread(target=run, args=(c, n)).start()
