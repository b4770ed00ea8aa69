# CP372, group 41
import socket

with socket.create_connection(("10.0.0.1", 12345)) as sock:
    answers = sock.makefile()
    print(answers.readline(), end="")
    line = ""
    while line != "exit":
        line = input("> ")
        sock.sendall((line + "\n").encode())
        if line == "status":
            sock.settimeout(0.3)
            try:
                while True:
                    print(sock.recv(4096).decode(), end="")
            except socket.timeout:
                sock.settimeout(None)
        elif line != "exit":
            print(sock.recv(4096).decode(), end="")
