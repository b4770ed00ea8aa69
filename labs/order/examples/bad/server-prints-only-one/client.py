"""
Team 18                      PA3 client
"""
import socket
import sys

address = sys.argv[1] if len(sys.argv) > 1 else "localhost"
conn = socket.create_connection((address, 12000))
server = conn.makefile()
print("From Server:", server.readline().rstrip())
message = input("Enter message to send to server: ")
conn.sendall((message + "\n").encode())
print("From Server:", server.readline().rstrip())
conn.close()
