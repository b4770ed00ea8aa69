# Team 3 - PA3 - TCP server
# The server never stops, after one pair of clients it waits for the next pair.
#
# MULTITHREADING: Client X and Client Y are two separate connections, and the
# server has to listen to both at once since nobody knows who types first. One
# thread can only block in one recv() at a time. That's why we start a thread
# per client. The results are shared with a list, and append() from two
# threads is guarded by a lock so the number and the position always agree.

import socket
import threading

def client_thread(label, conn, results, lock):
    msg = conn.recv(1024).decode()
    if msg == "":
        print("Client", label, "has left")
        return
    with lock:
        results.append((label, msg))
        print("Client", label, "sent message", str(len(results)) + ":", msg)

def one_round(welcome):
    print("The server is waiting to receive 2 connections....")
    cx, _ = welcome.accept()
    print("Accepted first connection, calling it client X")
    cy, _ = welcome.accept()
    print("Accepted second connection, calling it client Y")
    cx.send("Client X connected".encode())
    cy.send("Client Y connected".encode())
    print("Waiting to receive messages from client X and client Y....")

    results, lock, threads = [], threading.Lock(), []
    for label, conn in (("X", cx), ("Y", cy)):
        t = threading.Thread(target=client_thread, args=(label, conn, results, lock))
        t.start()
        threads.append(t)
    for t in threads:
        t.join()

    if len(results) == 2:
        (a, ma), (b, mb) = results
        reply = "%s: %s received before %s: %s" % (a, ma, b, mb)
        for conn in (cx, cy):
            conn.send(reply.encode())
        print("Sent acknowledgment to both X and Y\n")
    cx.close()
    cy.close()

welcome = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
welcome.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
welcome.bind(("", 12000))
welcome.listen(2)
while True:
    one_round(welcome)
