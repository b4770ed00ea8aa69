"""Socket project, Group Kappa: the server."""

import re
from socket import socket, AF_INET, SOCK_STREAM

PORT = 7777
server_name = 'Server of Group Kappa'
server_number = 35


def handle(connection):
    """Talk to one client and return its number."""
    message = connection.recv(4096).decode('utf-8')
    client_name, number = re.match(r'(.+),(\d+)$', message).groups()
    number = int(number)
    total = number + server_number
    print('Client name is', client_name)
    print('Server name is', server_name)
    print('Client number is', number)
    print('Server number is', server_number)
    print('The sum is', total)
    reply = server_name + ',' + str(server_number)
    connection.send(reply.encode('utf-8'))
    return number


def main():
    server = socket(AF_INET, SOCK_STREAM)
    server.bind(('', PORT))
    server.listen(1)
    print('Ready to serve...')
    while True:
        connection, address = server.accept()
        number = handle(connection)
        connection.close()
        if number < 1 or number > 100:
            break
    server.close()
    print('Server terminated')


main()
