import socket, threading, os
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12345))
def rec():
    while True:
        try: d = s.recv(4096)
        except OSError: os._exit(0)
        if not d: os._exit(0)
        print("Received from server:", d.decode(errors="replace"), flush=True)
threading.Thread(target=rec, daemon=True).start()
while True:
    m = input()
    if not m: continue
    s.send(m.encode())
    if m == "exit": break
s.close()
