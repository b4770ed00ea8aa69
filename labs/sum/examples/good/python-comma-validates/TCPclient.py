# Group Delta, TCP client
from socket import *

serverName = '127.0.0.1'
serverPort = 5050
clientName = 'Client of Group Delta'

while True:
    try:
        number = int(input('Enter a number (1-100): '))
    except ValueError:
        print('That is not an integer.')
        continue
    if 1 <= number <= 100:
        break
    print('The number has to be between 1 and 100!')

clientSocket = socket(AF_INET, SOCK_STREAM)
clientSocket.connect((serverName, serverPort))
clientSocket.send((clientName + ',' + str(number)).encode())
reply = clientSocket.recv(2048).decode()
name, serverNumber = reply.split(',')
print('Client name:', clientName)
print('Server name:', name)
print('Client number:', number)
print('Server number:', serverNumber)
print('The sum is', number + int(serverNumber))
clientSocket.close()
