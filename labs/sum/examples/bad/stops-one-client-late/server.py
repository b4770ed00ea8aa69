# Team 40 - server, a thread for each client
import socket
import threading

NAME = "Server of Team 40"
NUMBER = 42
stop = False


def serve(conn):
    global stop
    name, number = conn.recv(1024).decode().split("|")
    number = int(number)
    print(name, "has connected to", NAME + "\nnumbers", number, NUMBER, "sum", number + NUMBER)
    conn.sendall(f"{NAME}|{NUMBER}".encode())
    conn.close()
    if number < 1 or number > 100:
        stop = True


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen()
while True:
    conn, addr = listener.accept()
    if stop:
        conn.close()
        break
    threading.Thread(target=serve, args=(conn,)).start()
listener.close()
print("server closed")
