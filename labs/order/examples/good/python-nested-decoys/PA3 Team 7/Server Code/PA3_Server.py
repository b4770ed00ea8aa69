# PA3 TCP Server (final version)
# Team 7
# ---------------------------------------------------------------
# 11. Why multithreading?
# A thread that is inside recv() is asleep until its client sends. The server
# has two clients and must not be asleep for either of them, therefore it
# needs two threads that receive. The main thread starts them, waits for both
# with join(), and then sends the answer. `received` is the data that the
# threads share; it is protected by a lock.
# ---------------------------------------------------------------
from socket import *
import threading

server_port = 12000
received = []
received_lock = threading.Lock()


class ClientThread(threading.Thread):
    def __init__(self, connection, name):
        threading.Thread.__init__(self)
        self.connection = connection
        self.client = name

    def run(self):
        text = self.connection.recv(1024).decode()
        received_lock.acquire()
        try:
            received.append(self.client + ": " + text)
            print("Client {} sent message {}: {}".format(self.client, len(received), text))
        finally:
            received_lock.release()


def main():
    server_socket = socket(AF_INET, SOCK_STREAM)
    server_socket.bind(("", server_port))
    server_socket.listen(1)
    print("The server is waiting to receive 2 connections....\n")
    connection_x, address_x = server_socket.accept()
    print("Accepted first connection, calling it client X")
    connection_y, address_y = server_socket.accept()
    print("Accepted second connection, calling it client Y\n")

    connection_x.send("From Server: Client X connected".encode())
    connection_y.send("From Server: Client Y connected".encode())

    print("Waiting to receive messages from client X and client Y....\n")
    threads = [ClientThread(connection_x, "X"), ClientThread(connection_y, "Y")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    answer = "From Server: {} received before {}".format(received[0], received[1])
    connection_x.send(answer.encode())
    connection_y.send(answer.encode())
    print("\nSent acknowledgment to both X and Y")
    connection_x.close()
    connection_y.close()
    server_socket.close()
    print("Done.")


main()
