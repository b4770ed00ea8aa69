# CP372 - Assignment 1
# TCP server. We did not do the bonus.
import socket
from threading import Thread
import time

log = []            # [name, time connected, time left]
online = []         # sockets of the clients that are here


def client_thread(sock, entry):
    sock.send(("You are " + entry[0]).encode())
    while True:
        try:
            msg = sock.recv(2048).decode()
        except ConnectionResetError:
            break
        if msg == "" or msg == "exit":
            break
        elif msg == "status":
            reply = "Client     Connected                 Left\n"
            for name, start, end in log:
                reply += name + "   " + start + "  " + (end or "-") + "\n"
            sock.send(reply.encode())
        else:
            sock.send((msg + " ACK").encode())
    entry[2] = time.ctime()
    online.remove(sock)
    sock.close()
    print(entry[0], "left at", entry[2])


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12345))
listener.listen(3)
print("waiting for clients on port 12345")
while True:
    sock, addr = listener.accept()
    if len(online) == 3:
        sock.send("Sorry, there are already 3 clients. Good bye.".encode())
        sock.close()
    else:
        entry = ["Client%02d" % len(log), time.ctime(), None]
        log.append(entry)
        online.append(sock)
        print(entry[0], "joined from", addr[0])
        Thread(target=client_thread, args=(sock, entry)).start()
