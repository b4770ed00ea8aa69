# Team 21. The server asks which port it shall use.
import random
import socket

NAME = "Server of Team 21"

port = int(input("Port to listen on: "))
with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as s:
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", port))
    s.listen(5)
    print("Waiting for clients, ctrl-c to quit")
    while True:
        conn, addr = s.accept()
        with conn:
            name, number = conn.recv(1024).decode().split(";")
            number = int(number)
            mine = random.randint(1, 100)   # a new one each time
            print("-" * 30)
            print("Client name:  ", name)
            print("Server name:  ", NAME)
            print("Client number:", number)
            print("Server number:", mine)
            print("Sum:          ", number + mine)
            conn.sendall(f"{NAME};{mine}".encode())
        if number < 1 or number > 100:
            break
print("Server closed.")
