# CST 311 Introduction to Networking
# Programming Assignment 3, Team 59
# TCP server for two clients
#
# Explanation of multithreading:
# The two clients may send their messages in any order. recv() stops a program
# until there is something to read, so a server with only one thread has to
# guess which client it should read from first. When each client has a thread
# of its own, neither of them blocks the other one, and the server can see
# which message really came first. The threads share the list `messages`.
import threading
from socket import *

serverPort = 12000
messages = []               # shared by the threads, in order of arrival
lock = threading.Lock()


def getMessage(name, connectionSocket):
    """Wait for the message of one client and put it into the shared list."""
    message = connectionSocket.recv(1024).decode()
    lock.acquire()
    messages.append(name + ": " + message)
    print("Client " + name + " sent message " + str(len(messages)) + ": " + message)
    lock.release()


serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', serverPort))
serverSocket.listen(2)
print("The server is waiting to receive 2 connections....\n")

connectionX, addressX = serverSocket.accept()
print("Accepted first connection, calling it client X")
connectionY, addressY = serverSocket.accept()
print("Accepted second connection, calling it client Y\n")

connectionX.send("Client X connected".encode())
connectionY.send("Client Y connected".encode())

print("Waiting to receive messages from client X and client Y....\n")
threadX = threading.Thread(target=getMessage, args=("X", connectionX))
threadY = threading.Thread(target=getMessage, args=("Y", connectionY))
threadX.start()
threadY.start()
threadX.join()
threadY.join()

messages.sort(key=lambda m: m[3:])
acknowledgment = messages[0] + " received before " + messages[1]
connectionX.send(acknowledgment.encode())
connectionY.send(acknowledgment.encode())
print("\nSent acknowledgment to both X and Y")

print("\nWaiting a bit for clients to close their connections")
connectionX.close()
connectionY.close()
serverSocket.close()
print("Done.")
