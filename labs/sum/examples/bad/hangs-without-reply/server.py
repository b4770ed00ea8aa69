# Team 47 - server
import socket
import threading

NAME = "Server of Team 47"
NUMBER = 42
lock = threading.Lock()


def reply(conn):
    with lock:
        conn.sendall(f"{NAME}: {NUMBER}".encode())


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(5)
print(NAME, "is waiting")

while True:
    conn, addr = listener.accept()
    name, _, text = conn.recv(1024).decode().rpartition(":")
    number = int(text)
    with lock:
        print(name, "has connected to", NAME)
        print("Client number:", number)
        print("Server number:", NUMBER)
        print("Sum:", number + NUMBER)
        if number < 1 or number > 100:
            conn.close()
            break
        reply(conn)
    conn.close()

listener.close()
