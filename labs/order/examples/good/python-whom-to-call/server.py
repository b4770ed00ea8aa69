"""One thread for each caller; a queue keeps the order of what they say."""
import queue
import socket
import threading

said = queue.Queue()


def listen_to(letter, lines):
    said.put((letter, lines.readline().strip()))


with socket.socket() as door:
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("", 12000))
    door.listen(2)
    print("The server is waiting to receive 2 connections....")
    callers = [(letter, door.accept()[0]) for letter in "XY"]
    for number, (letter, caller) in zip(("first", "second"), callers):
        print("Accepted %s connection, calling it client %s" % (number, letter))
        caller.sendall(("Client %s connected\n" % letter).encode())
    print("Waiting to receive messages from client X and client Y....")
    for letter, caller in callers:
        threading.Thread(target=listen_to, args=(letter, caller.makefile("r"))).start()
    first, second = said.get(), said.get()
    for number, (letter, words) in enumerate((first, second), 1):
        print("Client %s sent message %d: %s" % (letter, number, words))
    sentence = "%s: %s received before %s: %s\n" % (*first, *second)
    print("Waiting a bit for clients to close their connections")
    for _letter, caller in callers:
        caller.sendall(sentence.encode())
        caller.close()
    print("Done.")
