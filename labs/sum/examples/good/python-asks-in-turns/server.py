import socket
from sys import exit
BUF = 1024
serverName = 'Server of Pelican'
serverNum = 42

def handle(conn):
    clientName = conn.recv(BUF).decode()
    conn.send(b'NAME OK')
    clientNum = int(conn.recv(BUF).decode())
    conn.send(serverName.encode())
    conn.recv(BUF)
    conn.send(str(serverNum).encode())
    print('Client:', clientName)
    print('Server:', serverName)
    print('Client num:', clientNum)
    print('Server num:', serverNum)
    print('Sum:', clientNum + serverNum)
    return clientNum

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(('0.0.0.0', 15555))
s.listen(1)
while True:
    conn, addr = s.accept()
    print('Got connection from', addr)
    n = handle(conn)
    conn.close()
    if not 0 < n < 101:
        s.close()
        exit(0)
