import os, signal, socket, threading
s = socket.socket(); s.bind(("", 12000)); s.listen(5)
NAME = "Eve"
def work(c):
    name, n = c.recv(1024).decode().split(":")
    n = int(n)
    print("client name:", name, "server name:", NAME)
    print(n, "+", 42, "=", n + 42)
    c.send((NAME + ":42").encode())
    c.close()
    if not 1 <= n <= 100:
        s.close()
        os.kill(os.getpid(), signal.SIGTERM)
while True:
    c, a = s.accept()
    threading.Thread(target=work, args=(c,)).start()
