# CP372, group 35: the client
import socket

from blocks import put, take

server = socket.create_connection(("127.0.0.1", 12345))
name = take(server)
if name == "FULL":
    raise SystemExit("The server is full.")
print("You are", name)
again = "y"
while again != "n":
    line = input("Type status, list, get NAME, exit or a message: ")
    put(server, line)
    if line == "exit":
        break
    answer = take(server)
    if answer.startswith("FILE "):
        left = int(answer[5:])
        while left > 0:
            piece = server.recv(min(left, 4096))
            print(piece.decode(errors="replace"), end="")
            left -= len(piece)
        print("--")
    else:
        print(answer)
    again = input("Another one? (y/n) ")
else:
    put(server, "exit")
server.close()
print("Bye")
