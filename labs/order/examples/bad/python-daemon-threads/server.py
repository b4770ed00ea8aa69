# PA3, team 11
#
# Why threads: recv() waits for one client. With a thread for each of them the
# server hears whoever speaks first, and notes it in a list behind a lock.
# The threads are daemons, so that Ctrl-C ends the server.
import socket
import threading
import time

PORT = 12000
heard = []
lock = threading.Lock()


def hear(letter, conn, conns):
    message = conn.recv(1024).decode()
    with lock:
        heard.append((letter, message))
        print("Client %s sent message %d: %s" % (letter, len(heard), message))
        if len(heard) == 2:
            answer = "%s: %s received before %s: %s" % (heard[0] + heard[1])
            for one in conns:
                one.sendall(answer.encode())
            print("Sent acknowledgment to both X and Y")


listener = socket.create_server(("", PORT))
print("The server is waiting to receive 2 connections....")
conns = []
for letter, place in (("X", "first"), ("Y", "second")):
    conn, _ = listener.accept()
    print("Accepted %s connection, calling it client %s" % (place, letter))
    conns.append(conn)
for letter, conn in zip("XY", conns):
    conn.sendall(("Client %s connected" % letter).encode())
    threading.Thread(target=hear, args=(letter, conn, conns), daemon=True).start()
print("Waiting to receive messages from client X and client Y....")
time.sleep(0.5)
print("Done.")
