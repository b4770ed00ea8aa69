# first try, only echoes
import socket

s = socket.socket()
s.bind(("", 65432))
s.listen(1)
connection, address = s.accept()
connection.sendall(connection.recv(1024))
connection.close()
