"""Team Nine: the client. Gives up after three wrong numbers."""
import socket
import sys

NAME = "Client of Team Nine"

for attempt in range(3):
    text = input("Enter an integer between 1 and 100: ").strip()
    if text.isdigit() and 1 <= int(text) <= 100:
        break
    print("Invalid.")
else:
    sys.exit("Too many wrong numbers.")

with socket.create_connection(("10.0.0.1", 12000)) as sock:
    stream = sock.makefile("rw")
    stream.write(f"{NAME}: {text}\n")
    stream.flush()
    reply = stream.readline().strip()

print(f"Sent     {NAME}: {text}")
print(f"Received {reply}")
print("Sum     ", int(text) + int(reply.rpartition(": ")[2]))
