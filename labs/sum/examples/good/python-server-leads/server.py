"""Team 17: the server leads, the client answers.

    server: WELCOME <server's name>
    client: I AM <client's name>
    server: NUMBER PLEASE
    client: <integer>
    server: MINE IS <integer>
"""
import random
import socket

NAME = "Server of Team 17"
MINE = random.randint(1, 100)  # one number for as long as this program runs


def talk(lines):
    def tell(text):
        lines.write(text + "\n")
        lines.flush()

    tell("WELCOME " + NAME)
    client = lines.readline().strip()[len("I AM "):]
    print(client, "has connected to", NAME)
    tell("NUMBER PLEASE")
    theirs = int(lines.readline())
    print(f"{client}: {theirs}\n{NAME}: {MINE}\nsum: {theirs + MINE}")
    tell(f"MINE IS {MINE}")
    return 1 <= theirs <= 100


listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen()
print(NAME, "is there")
go_on = True
while go_on:
    connection, _ = listener.accept()
    with connection, connection.makefile("rw") as lines:
        try:
            go_on = talk(lines)
        except ValueError:
            print("that was no number")
listener.close()
