# CP372 Programming Assignment
# Group 12
# server.py: chat server, at most three clients, with the bonus part
import os
import socket
import threading
from datetime import datetime

HOST = '127.0.0.1'
PORT = 12345
MAX_CLIENTS = 3
FILES_DIR = 'server_files'

clients = {}            # the cache: name -> address, connected, disconnected
active = 0
client_number = 0
lock = threading.Lock()


def send_file(client_socket, filename):
    """Stream one file: a line with its size, then its bytes."""
    path = os.path.join(FILES_DIR, os.path.basename(filename))
    if not os.path.isfile(path):
        client_socket.sendall(f"ERROR File '{filename}' not found.\n".encode())
        return
    size = os.path.getsize(path)
    client_socket.sendall(f"SIZE {size}\n".encode())
    with open(path, 'rb') as f:
        while True:
            chunk = f.read(4096)
            if not chunk:
                break
            client_socket.sendall(chunk)


def get_status():
    lines = []
    with lock:
        for name, info in clients.items():
            line = f"{name} connected at {info['connected']}"
            if info['disconnected']:
                line += f", disconnected at {info['disconnected']}"
            lines.append(line)
    return '\n'.join(lines)


def handle_client(client_socket, address, client_name):
    global active
    try:
        client_socket.sendall(client_name.encode())
        while True:
            message = client_socket.recv(1024).decode()
            if not message or message == 'exit':
                break
            if message == 'status':
                client_socket.sendall(get_status().encode())
            elif message == 'list':
                files = sorted(os.listdir(FILES_DIR))
                listing = '\n'.join(files) if files else 'No files available'
                client_socket.sendall(listing.encode())
                # the next thing the client sends is the name of a file
                filename = client_socket.recv(1024).decode()
                if not filename:
                    break
                send_file(client_socket, filename)
            else:
                client_socket.sendall(message.encode())
    except OSError:
        pass
    finally:
        now = datetime.now()
        with lock:
            clients[client_name]['disconnected'] = now
            active -= 1
        client_socket.close()
        print(f"[DISCONNECTED] {client_name} at {now}")


def start_server():
    global active, client_number
    os.makedirs(FILES_DIR, exist_ok=True)
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((HOST, PORT))
    server.listen()
    print(f"[SERVER] Listening on {HOST}:{PORT}")
    while True:
        client_socket, address = server.accept()
        with lock:
            if active >= MAX_CLIENTS:
                client_socket.close()
                print(f"[REJECTED] {address}: too many clients")
                continue
            active += 1
            client_number += 1
            client_name = f"Client{client_number:02d}"
            clients[client_name] = {'address': address,
                                    'connected': datetime.now(),
                                    'disconnected': None}
        print(f"[NEW CONNECTION] {client_name} connected from {address}")
        threading.Thread(target=handle_client,
                         args=(client_socket, address, client_name)).start()


if __name__ == '__main__':
    start_server()
