"""CP372 assignment: the client."""
import socket

with socket.create_connection(("10.0.0.1", 12345)) as sock:
    answers = sock.makefile("rb")
    greeting = answers.readline().decode()
    print(greeting, end="")
    line = "" if greeting.startswith("Welcome") else "quit"
    while line != "quit":
        line = input("status, dir, open NAME, quit, or a text: ")
        sock.sendall(line.encode() + b"\n")
        answer = answers.readline()
        if line.startswith("open ") and answer.endswith(b" bytes\n"):
            answer = answers.read(int(answer.split()[0]) + 1)
        print(answer.decode(errors="replace"), end="")
