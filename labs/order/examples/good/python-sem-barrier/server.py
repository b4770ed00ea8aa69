#!/usr/bin/python3
#
# CST311 PA3 server, Team 8
#
# We need multithreading since the program must be ready for a message of
# Client X and for a message of Client Y at the same time; a single thread
# would sit in recv() of one socket and the other message would be noticed too
# late. Our threads also have to wait for one another, in two places:
#   1. nobody is greeted before both are connected   -> Barrier
#   2. nobody gets an answer before both have sent   -> Condition
# and a Semaphore lets only two connections in.

from socket import socket, AF_INET, SOCK_STREAM, SOL_SOCKET, SO_REUSEADDR
from threading import Thread, Barrier, Condition, Semaphore

places = Semaphore(2)
both_connected = Barrier(2)
news = Condition()
inbox = []


def serve(conn, label):
    both_connected.wait()
    conn.sendall(f"Client {label} connected".encode())

    message = conn.recv(1024).decode().strip()
    with news:
        inbox.append(f"{label}: {message}")
        print(f"Client {label} sent message {len(inbox)}: {message}")
        news.notify_all()
        news.wait_for(lambda: len(inbox) == 2)

    conn.sendall(f"{inbox[0]} received before {inbox[1]}.".encode())
    conn.close()


def main():
    listener = socket(AF_INET, SOCK_STREAM)
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listener.bind(("", 12000))
    listener.listen(2)
    print("The server is waiting to receive 2 connections....")
    threads = []
    while places.acquire(blocking=False):
        conn, _ = listener.accept()
        label = "XY"[len(threads)]
        print("Accepted", ["first", "second"][len(threads)],
              "connection, calling it client", label)
        threads.append(Thread(target=serve, args=(conn, label)))
        threads[-1].start()
    print("Waiting to receive messages from client X and client Y....")
    for thread in threads:
        thread.join()
    print("Sent acknowledgment to both X and Y")
    print("Done.")


main()
