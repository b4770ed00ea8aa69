# CP372 Programming Assignment
# Group 12
# client.py: chat client
import socket

HOST = '127.0.0.1'
PORT = 12345


def receive_file(sock):
    """Read the line with the size, then exactly so many bytes."""
    header = b''
    while not header.endswith(b'\n'):
        byte = sock.recv(1)
        if not byte:
            return
        header += byte
    words = header.decode().split()
    if words[0] != 'SIZE':
        print(' '.join(words[1:]))
        return
    left = int(words[1])
    content = b''
    while left > 0:
        chunk = sock.recv(min(4096, left))
        if not chunk:
            return
        content += chunk
        left -= len(chunk)
    print(content.decode(errors='replace'))


def start_client():
    client = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    client.connect((HOST, PORT))
    name = client.recv(1024).decode()
    if not name:
        print('The server is full.')
        client.close()
        return
    print(f'Connected as {name}')
    while True:
        message = input("> Enter message (or 'exit' to quit, 'status' for client"
                        " information, 'list' for files) ")
        if not message:
            continue
        client.sendall(message.encode())
        if message == 'exit':
            break
        answer = client.recv(65536).decode()
        if not answer:
            print('The server closed the connection.')
            break
        print(answer)
        if message == 'list':
            filename = input('> Enter the name of a file ')
            client.sendall((filename or 'none').encode())
            receive_file(client)
    client.close()


if __name__ == '__main__':
    start_client()
