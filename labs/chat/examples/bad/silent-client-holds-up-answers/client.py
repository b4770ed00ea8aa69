# CP372 - Assignment 1 - Client
import socket

s = socket.socket()
s.connect(("127.0.0.1", 12345))
stream = s.makefile("r")
hello = stream.readline().strip()
print(hello)
text = "" if hello.startswith("Hello") else "exit"
while text != "exit":
    text = input("Say something (status, exit): ")
    s.sendall((text + "\n").encode())
    print(stream.readline().rstrip("\n"))
s.close()
