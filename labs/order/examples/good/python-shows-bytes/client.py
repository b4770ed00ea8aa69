import socket
input('Press Enter to connect to the server ')
s = socket.socket()
s.connect(('localhost', 12000))
print(s.recv(1024))
m = input('What do you want to say? ')
s.send(m.encode())
print(s.recv(1024))
input('Press Enter to exit')
