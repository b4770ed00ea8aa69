"""Client for the CP372 assignment."""
import socket

with socket.socket() as connection:
    connection.connect(("10.0.0.1", 12345))
    name = connection.recv(64).decode()
    print("I am " + name if name else "All seats are taken.")
    while name:
        words = input(name + "> ")
        if words:
            connection.sendall(words.encode())
            if words == "exit":
                break
            print(connection.recv(4096).decode())
