# Team 26 - server
import socket

NAME = "Server of Team 26"
NUMBER = 42

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(5)
print(NAME, "is waiting")

while True:
    conn, addr = listener.accept()
    name, _, text = conn.recv(1024).decode().rpartition(":")
    number = int(text)
    print(name, "has connected to", NAME)
    print("Client number:", number)
    print("Server number:", NUMBER)
    print("Sum:", number + NUMBER)
    conn.sendall(f"{NAME}: {NUMBER}".encode())
    conn.close()
    if number < 1 or number > 100:
        print("The number is out of range, the server ends")
        break

listener.close()
