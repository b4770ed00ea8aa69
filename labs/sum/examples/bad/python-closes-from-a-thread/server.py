# CS 4390, team 33
import socket
import threading
import time

ME, MINE = "Server of Team 33", 21


def exchange(conn, listener):
    name, _, number = conn.recv(1024).decode().partition("|")
    number = int(number)
    print(f"{name} has connected to {ME}: {number} + {MINE} = {number + MINE}")
    conn.sendall(f"{ME}|{MINE}".encode())
    conn.close()
    if number not in range(1, 101):
        print("out of range, closing everything")
        time.sleep(0.3)  # the client has time to read
        listener.close()  # and nobody tells the thread that sits in accept()


listener = socket.create_server(("", 12000))
print(ME, "waits")
while True:
    conn, _ = listener.accept()
    threading.Thread(target=exchange, args=(conn, listener)).start()
