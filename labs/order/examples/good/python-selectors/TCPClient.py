# Group 35
import socket

HOST = input("Server address (enter for 10.0.0.1): ").strip() or "10.0.0.1"
conn = socket.create_connection((HOST, 12000))
print(conn.recv(1024).decode())
conn.send(input("Your message: ").encode())
print(conn.recv(1024).decode())
