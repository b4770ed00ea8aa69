import socket
import threading
import os

HEADER = 64
PORT = 7777
SERVER_NAME = "server of Group Nine"
NUMBER = 42
lock = threading.Lock()
server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(("", PORT))

def handle_client(conn, addr):
    length = int(conn.recv(HEADER).decode())
    msg = conn.recv(length).decode()
    name, number = msg.split(";")
    number = int(number)
    with lock:
        print(f"""
{name} has connected to {SERVER_NAME}
    client's number : {number}
    server's number : {NUMBER}
    sum             : {number + NUMBER}
""")
    conn.send(f"{SERVER_NAME};{NUMBER}".encode())
    conn.close()
    if number < 1 or number > 100:
        server.close()
        os._exit(0)

server.listen()
print("waiting for connections")
while True:
    conn, addr = server.accept()
    t = threading.Thread(target=handle_client, args=(conn, addr), daemon=True)
    t.start()
