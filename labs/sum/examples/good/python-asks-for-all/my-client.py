# Team 21. The client asks for everything it needs.
import socket

host = input("Server host name or IP: ")
port = int(input("Server port: "))
name = input("Enter your name: ")
number = int(input("Enter an integer between 1 and 100: "))

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.connect((host, port))
    s.sendall(f"{name};{number}".encode())
    server, theirs = s.recv(1024).decode().split(";")

print()
print("My name:     ", name)
print("Server name: ", server)
print("My number:   ", number)
print("Server number:", theirs)
print("Sum:         ", number + int(theirs))
