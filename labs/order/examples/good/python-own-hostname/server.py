# Team 19, PA3, TCP server
'''
Multithreading lets the server deal with both clients concurrently. If there
was only the main thread it would be stuck on the first recv, and the second
client's message is not seen till the first client sends. A thread each fixes
this. They share the list `order` and because list changes by 2 threads could
clash we use a lock.
'''
import socket
import threading

HOST = socket.gethostbyname(socket.gethostname())
PORT = 12000
FORMAT = 'utf-8'

order = []
lock = threading.Lock()

def handle_client(conn, addr, name):
    print(f'[NEW CONNECTION] {addr} is client {name}')
    msg = conn.recv(1024).decode(FORMAT)
    with lock:
        order.append(f'{name}: {msg}')
        print(f'Client {name} sent message {len(order)}: {msg}')

def start():
    server = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    server.bind((HOST, PORT))
    server.listen()
    print(f'[LISTENING] The server is waiting to receive 2 connections on {HOST}')
    conns, threads = [], []
    for name in 'XY':
        conn, addr = server.accept()
        conns.append(conn)
        threads.append(threading.Thread(target=handle_client, args=(conn, addr, name)))
    conns[0].send('Client X connected'.encode(FORMAT))
    conns[1].send('Client Y connected'.encode(FORMAT))
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for conn in conns:
        conn.send(' received before '.join(order).encode(FORMAT))
        conn.close()
    print('[DONE] Sent acknowledgment to both X and Y')

start()
