# Team 45
import socket

conn = socket.create_connection(("10.0.0.1", 12000))
print(conn.recv(1024).decode())
message = input("Your message: ")
conn.sendall(mesage.encode())
print(conn.recv(1024).decode())
conn.close()
