#!/usr/bin/env python3
"""
Programming Assignment 3: TCP server
Team 11

Q: Why is multithreading needed?
A: Each recv() call can only wait for one socket. We have two sockets and do
   not know which of them will be the first with data. Two threads can wait
   for both sockets at once, and no client has to wait for the other one.
   The shared queue keeps the messages in the order in which they arrived and
   is safe to use from several threads.
"""
import queue
import socket
import threading

HOST = "0.0.0.0"
PORT = 12000


def listen_to(label, conn, inbox):
    data = conn.recv(2048)
    inbox.put((label, data.decode("utf-8").strip()))


def main():
    inbox = queue.Queue()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, PORT))
        sock.listen()
        print("The server is waiting to receive 2 connections....")

        x, _ = sock.accept()
        print("Accepted first connection, calling it client X")
        y, _ = sock.accept()
        print("Accepted second connection, calling it client Y")

        # Both are in, so both can be told.
        x.sendall(b"Client X Connected.\n")
        y.sendall(b"Client Y Connected.\n")

        print("Waiting to receive messages from client X and client Y....")
        for label, conn in (("X", x), ("Y", y)):
            threading.Thread(target=listen_to, args=(label, conn, inbox),
                             daemon=True).start()

        first = inbox.get()
        print(f"Client {first[0]} sent message 1: {first[1]}")
        second = inbox.get()
        print(f"Client {second[0]} sent message 2: {second[1]}")

        answer = f"{first[0]}: {first[1]} received before {second[0]}: {second[1]}\n"
        for conn in (x, y):
            conn.sendall(answer.encode("utf-8"))
            conn.close()
        print("Sent acknowledgment to both X and Y")
        print("Done.")


if __name__ == "__main__":
    main()
