"""PA3, Team 14: a TCP server for two clients.

Explanation. Two clients talk to this server and either of them may be faster.
A program with a single thread would be stuck in recv() for the slower one.
Here every client has a handler thread of its own, the handlers put what they
receive into a queue, and the queue has the order in which it came.
"""
import queue
import socket
import threading

PORT = 12000


def handler(label, conn, inbox):
    data = conn.recv(1024)
    inbox.put((label, data.decode().strip()))


def main():
    inbox = queue.Queue()
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", PORT))
    listener.listen()
    print("The server is waiting to receive 2 connections....")

    clients = []
    for label, ordinal in (("X", "first"), ("Y", "second")):
        conn, _ = listener.accept()
        print("Accepted", ordinal, "connection, calling it client", label)
        clients.append((label, conn))
    for label, conn in clients:
        conn.sendall(f"Client {label} Connected".encode())

    print("Waiting to receive messages from client X and client Y....")
    for label, conn in clients:
        threading.Thread(target=handler, args=(label, conn, inbox), daemon=True).start()
    order = []
    while len(order) < 2:
        label, message = inbox.get()
        order.append((label, message))

    answer = " received before ".join(f"{label}: {message}" for label, message in order)
    for label, conn in clients:
        conn.sendall(answer.encode())
    print("Sent acknowledgment to both X and Y")
    for label, conn in clients:
        conn.close()
    print("Done.")


if __name__ == "__main__":
    main()
