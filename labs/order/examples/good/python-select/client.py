# PA3 client                                                        Team 9
# Usage: python3 client.py [server [port]]
import socket
import sys

host = sys.argv[1] if len(sys.argv) > 1 else "10.0.0.1"
port = int(sys.argv[2]) if len(sys.argv) > 2 else 12000

s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect((host, port))
print(s.recv(4096).decode())
msg = input("Enter message to send to server: ")
s.sendall(msg.encode())
print(s.recv(4096).decode())
s.close()
