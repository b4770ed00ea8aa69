# Group Delta, TCP server
from socket import *

serverPort = 5050
serverName = 'Server of Group Delta'
serverNumber = 73

serverSocket = socket(AF_INET, SOCK_STREAM)
serverSocket.bind(('', serverPort))
serverSocket.listen(1)
print('The server is ready to receive')
while 1:
    connectionSocket, addr = serverSocket.accept()
    clientName, clientNumber = connectionSocket.recv(2048).decode().split(',')
    clientNumber = int(clientNumber)
    if not 1 <= clientNumber <= 100:
        print('Got', clientNumber, '- good bye')
        connectionSocket.close()
        serverSocket.close()
        break
    print('Client name:', clientName)
    print('Server name:', serverName)
    print('Client number:', clientNumber)
    print('Server number:', serverNumber)
    print('Sum:', clientNumber + serverNumber)
    connectionSocket.send((serverName + ',' + str(serverNumber)).encode())
    connectionSocket.close()
