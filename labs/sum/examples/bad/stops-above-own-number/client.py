# Section 2, Team Ibis: sum client
import socket

NAME = "Client of Team Ibis"

number = int(input("Type a number (1-100): "))
with socket.create_connection(("10.0.0.1", 8642)) as conn:
    conn.sendall(f"{NAME}#{number}\n".encode())
    with conn.makefile("r") as lines:
        server, own = lines.readline().rstrip("\n").split("#")
print(NAME, "says", number)
print(server, "says", own)
print("sum:", number + int(own))
