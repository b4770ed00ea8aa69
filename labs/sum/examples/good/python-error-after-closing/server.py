from socket import *
serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', 12001))
serverSocket.listen(1)
print('ready')
while True:
    connectionSocket, addr = serverSocket.accept()
    msg = connectionSocket.recv(1024).decode().split('\n')
    cname = msg[0]
    num = int(msg[1])
    print(cname, 'connected to Server of Badger')
    print('client sent', num)
    print('server has', 42)
    print('total', num + 42)
    connectionSocket.send('Server of Badger\n42'.encode())
    connectionSocket.close()
    if num < 1 or num > 100:
        print('closing all sockets')
        serverSocket.close()
