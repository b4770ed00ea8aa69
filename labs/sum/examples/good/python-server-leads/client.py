"""Team 17: answers what the server asks."""
import socket
import sys

NAME = "Client of Team 17"

with socket.create_connection((sys.argv[1] if sys.argv[1:] else "10.0.0.1", 12000)) as sock:
    with sock.makefile("rw") as lines:
        server = lines.readline().strip()[len("WELCOME "):]
        print("connected to", server)
        lines.write(f"I AM {NAME}\n")
        lines.flush()
        print(server, "says:", lines.readline().strip())
        number = int(input(": "))
        lines.write(f"{number}\n")
        lines.flush()
        theirs = int(lines.readline()[len("MINE IS "):])

print(NAME, number)
print(server, theirs)
print("sum", number + theirs)
