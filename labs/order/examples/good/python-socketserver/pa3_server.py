#!/usr/bin/env python3
"""
Programming Assignment 3 (server), Team 31

Multithreading explanation:
    A handler blocks in recv() until its own client has sent something. If the
    two handlers ran one after the other, the server would only notice the
    second message when the first client is done, and could not tell which of
    them was faster. ThreadingTCPServer therefore gives every connection a
    thread. The threads meet in the class Room, which has one lock.
"""
import socketserver
import threading


class Room:
    def __init__(self):
        self.lock = threading.Condition()
        self.present = 0
        self.messages = []

    def enter(self):
        with self.lock:
            self.present += 1
            me = self.present
            print("Accepted", ["first", "second"][me - 1],
                  "connection, calling it client", " XY"[me])
            self.lock.notify_all()
            self.lock.wait_for(lambda: self.present == 2)
        return " XY"[me]

    def say(self, letter, text):
        with self.lock:
            self.messages.append(letter + ": " + text)
            print("Client", letter, "sent message %d:" % len(self.messages), text)
            self.lock.notify_all()
            self.lock.wait_for(lambda: len(self.messages) == 2)
            return " received before ".join(self.messages)


room = Room()


class ClientHandler(socketserver.StreamRequestHandler):
    def handle(self):
        letter = room.enter()
        self.wfile.write(b"Client %s connected\n" % letter.encode())
        text = self.rfile.readline().decode().strip()
        answer = room.say(letter, text)
        self.wfile.write(answer.encode() + b"\n")
        print("Sent acknowledgment to", letter)
        if room.present == 2 and letter == room.messages[1][0]:
            threading.Thread(target=self.server.shutdown).start()


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    request_queue_size = 2


if __name__ == "__main__":
    with Server(("", 12000), ClientHandler) as server:
        print("The server is waiting to receive 2 connections....")
        server.serve_forever()
    print("Done.")
