# Section 2, Team Ibis: sum server
import socket

NAME = "Server of Team Ibis"
OWN = 64
PORT = 8642


def read_line(conn):
    with conn.makefile("r") as lines:
        return lines.readline().rstrip("\n")


with socket.socket() as listener:
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("", PORT))
    listener.listen(5)
    in_range = True
    while in_range:
        conn, peer = listener.accept()
        with conn:
            client, number = read_line(conn).split("#")
            number = int(number)
            print(client, "has connected to", NAME)
            print("numbers:", number, "and", OWN, "sum:", number + OWN)
            conn.sendall(f"{NAME}#{OWN}\n".encode())
        in_range = 1 <= number <= OWN
print("out of range, the server ends")
