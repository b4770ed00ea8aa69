import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(('10.0.0.1', 12000))
sock.recv(1024)     # "Client X connected", not shown
text = input('Please enter your message: ')
sock.send(text.encode('utf-8'))
print(sock.recv(1024).decode('utf-8'))
sock.close()
