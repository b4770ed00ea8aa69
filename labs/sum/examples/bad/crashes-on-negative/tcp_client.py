"""Socket project, Group Kappa: the client."""

from socket import socket, AF_INET, SOCK_STREAM

HOST = 'localhost'
PORT = 7777
client_name = 'Client of Group Kappa'


def main():
    number = int(input('Input a number: '))
    connection = socket(AF_INET, SOCK_STREAM)
    connection.connect((HOST, PORT))
    message = client_name + ',' + str(number)
    connection.send(message.encode('utf-8'))
    answer = connection.recv(4096).decode('utf-8')
    connection.close()
    server_name, server_number = answer.split(',')
    server_number = int(server_number)
    print('Client name is', client_name)
    print('Server name is', server_name)
    print('Client number is', number)
    print('Server number is', server_number)
    print('The sum is', number + server_number)


main()
