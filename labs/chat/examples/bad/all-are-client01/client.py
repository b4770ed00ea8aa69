# CP372 - Assignment 1
# TCP client
import socket

sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("127.0.0.1", 12345))
greeting = sock.recv(2048).decode()
print(greeting)

while not greeting.startswith("Sorry"):
    msg = input("Message: ")
    if msg == "":
        continue
    sock.send(msg.encode())
    if msg == "exit":
        break
    reply = sock.recv(2048).decode()
    if not reply:
        break
    print(reply)
sock.close()
