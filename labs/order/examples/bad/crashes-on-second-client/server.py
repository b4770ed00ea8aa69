# Programming Assignment 3 - TCP server
# Team 21
#
# Why multithreading: the server has to receive from two clients, and it does
# not know which one sends first. recv() blocks, so each client gets a thread
# and both can be waited for at the same time. The threads share one list.
from socket import *
import threading

SERVER_PORT = 12000
lock = threading.Lock()
arrived = []            # (label, message) in order of arrival


def receive(label, conn):
    message = conn.recv(1024).decode().strip()
    with lock:
        arrived.append((label, message))
        print(f"Client {label} sent message {len(arrived)}: {message}")


server = socket(AF_INET, SOCK_STREAM)
server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
server.bind(("", SERVER_PORT))
server.listen(2)
print("The server is waiting to receive 2 connections....\n")

conn_x, addr_x = server.accept()
print("Accepted first connection, calling it client X")
conn_y, addr_y = server.accept()
print("Accepted second connection from " + addr_y + ", calling it client Y\n")

conn_x.send("Client X connected".encode())
conn_y.send("Client Y connected".encode())

print("Waiting to receive messages from client X and client Y....\n")
thread_x = threading.Thread(target=receive, args=("X", conn_x))
thread_y = threading.Thread(target=receive, args=("Y", conn_y))
thread_x.start()
thread_y.start()
thread_x.join()
thread_y.join()

(a, first), (b, second) = arrived
ack = f"{a}: {first} received before {b}: {second}"
conn_x.send(ack.encode())
conn_y.send(ack.encode())
print("\nSent acknowledgment to both X and Y")

print("\nWaiting a bit for clients to close their connections")
conn_x.close()
conn_y.close()
server.close()
print("Done.")
