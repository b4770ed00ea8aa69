# CST 311, PA3: the client. Y waits for a word of X, from host to host.
import socket

connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
connection.connect(("10.0.0.1", 12000))
greeting = connection.recv(1024).decode()
print("From Server:", greeting)
between = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
between.bind(("", 13000))
message = input("Enter message to send to server: ")
if "Y" in greeting:
    between.recv(16)
connection.sendall(message.encode())
if "X" in greeting:
    for address in ("10.0.0.2", "10.0.0.3"):
        between.sendto(b"go", (address, 13000))
print("From Server:", connection.recv(1024).decode())
