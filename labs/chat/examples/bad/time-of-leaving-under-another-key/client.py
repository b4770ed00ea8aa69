import socket
s = socket.socket(); s.connect(("localhost", 12345)); n = s.recv(20).decode(); print(n)
while n != "no place":
    m = input(n + " > ")
    if not m: continue
    s.sendall(m.encode())
    if m == "exit": break
    s.settimeout(None); d = s.recv(1 << 16)
    if m.startswith("get "):
        s.settimeout(0.3)
        try:
            while True:
                x = s.recv(1 << 16)
                if not x: break
                d += x
        except socket.timeout: pass
        s.settimeout(None)
    print(d.decode())
s.close()
