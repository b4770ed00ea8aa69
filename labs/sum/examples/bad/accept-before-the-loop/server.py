import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("", 12000))
s.listen(1)
conn, addr = s.accept()
while True:
    data = conn.recv(1024).decode()
    if not data:
        continue
    name, n = data.split(":")
    n = int(n)
    print(name, "has connected to Server of Bison")
    print("client number", n, "server number", 42, "sum", n + 42)
    conn.send(b"Server of Bison:42")
    if n < 1 or n > 100:
        conn.close()
        s.close()
        break
