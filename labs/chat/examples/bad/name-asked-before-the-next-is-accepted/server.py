import socket, threading, os
from datetime import datetime
people = []
def stamp(): return datetime.now().strftime("%Y-%m-%d %H:%M:%S")
def talk(p):
    sock = p["sock"]
    while True:
        try: m = sock.recv(1024).decode()
        except OSError: break
        if not m or m == "exit": break
        if m == "status":
            sock.send("\n".join(f"{q['id']} {q['name']} opened {q['opened']} closed {q['closed']}" for q in people).encode())
        elif m == "list":
            sock.send("\n".join(os.listdir("repo")).encode())
        elif m.startswith("get "):
            try:
                sock.sendall(open("repo/" + m[4:], "rb").read() + b"\n[EOF]")
            except OSError:
                sock.send(b"Invalid file name\n[EOF]")
        else:
            sock.send((m + " ACK").encode())
            for q in people:
                if q is not p and not q["closed"]: q["sock"].send(f"{p['name']}: {m}".encode())
    p["closed"] = stamp()
    sock.close()
os.makedirs("repo", exist_ok=True)
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("localhost", 12345))
s.listen()
print("Server is listening...")
while True:
    sock, addr = s.accept()
    if sum(1 for p in people if not p["closed"]) >= 3:
        sock.send(b"Server is full, try again later."); sock.close(); continue
    sock.send(b"Please enter a name:")
    name = sock.recv(1024).decode()          # in the loop of accept
    if not name:
        sock.close(); continue
    sock.send(("Your name is set as: " + name).encode())
    p = dict(sock=sock, name=name, id="Client%02d" % (len(people) + 1), opened=stamp(), closed="")
    people.append(p)
    print(p["id"], "is", name)
    threading.Thread(target=talk, args=(p,)).start()
