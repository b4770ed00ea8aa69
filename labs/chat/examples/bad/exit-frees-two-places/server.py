"""Server for the CP372 assignment.

seats.acquire() takes a place and seats.release() gives it back.
"""
import socket
import threading
from datetime import datetime

seats = threading.Semaphore(3)
guard = threading.Lock()
log = {}


def report():
    with guard:
        return "".join("%s | %s | %s\n" % (who, *when) for who, when in log.items())


def leave(connection, name):
    with guard:
        log[name][1] = datetime.now().ctime()
    connection.close()
    seats.release()


def conversation(connection, name):
    connection.sendall(name.encode())
    try:
        while True:
            words = connection.recv(2048)
            if words == b"exit":
                leave(connection, name)
                break
            if not words:
                break
            if words == b"status":
                connection.sendall(report().encode())
            else:
                connection.sendall(words + b" ACK")
    except OSError:
        pass
    finally:
        leave(connection, name)


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("0.0.0.0", 12345))
    listener.listen()
    print("Waiting for clients on port 12345")
    while True:
        connection, address = listener.accept()
        if not seats.acquire(blocking=False):
            print("No seat for", address)
            connection.close()
            continue
        with guard:
            name = "Client%02d" % (len(log) + 1)
            log[name] = [datetime.now().ctime(), "present"]
        print(name, "has a seat", address)
        threading.Thread(target=conversation, args=(connection, name)).start()
