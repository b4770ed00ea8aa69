import os, pickle, socket
def shut(sock, conn):
    print("Invalid number recieved. Terminating server...")
    conn.close()
    sock.close()
    os._exit(0)
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.bind(("127.0.0.1", 13000))
sock.listen(3)
SERVER = ("Server of the Blue Team", 55)
while 1:
    conn, (ip, port) = sock.accept()
    tup = pickle.loads(conn.recv(2048))
    print("Connected:", ip, port)
    print(tup[0], "->", SERVER[0])
    print(tup[1], "+", SERVER[1], "=", tup[1] + SERVER[1], flush=True)
    conn.send(pickle.dumps(SERVER))
    if tup[1] not in range(1, 101):
        shut(sock, conn)
    conn.close()
