# PA3 Server - Team 33
#
# Why does this need multithreading?
# Because of recv(). It waits, and while it waits for client X it cannot hear
# client Y. We tried threads first and then did the same with processes, as the
# lecture said that both work: each client gets a process of its own which is
# allowed to block. Processes do not share variables, so the messages come
# back to the parent through a Queue, in the order in which they were put in.
from multiprocessing import Process, Queue
from socket import *

HOST = ''
PORT = 12000


def reader(label, conn, queue):
    text = conn.recv(2048).decode()
    queue.put((label, text))


if __name__ == '__main__':
    server = socket(AF_INET, SOCK_STREAM)
    server.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    server.bind((HOST, PORT))
    server.listen(2)
    print('The server is waiting to receive 2 connections....')

    conns = {}
    for label in 'XY':
        conns[label], address = server.accept()
        print('Connection from', address[0], '- this is client', label)
    for label, conn in conns.items():
        conn.send(('Client ' + label + ' connected').encode())

    queue = Queue()
    children = [Process(target=reader, args=(label, conn, queue))
                for label, conn in conns.items()]
    for child in children:
        child.start()

    arrived = []
    while len(arrived) < 2:
        label, text = queue.get()
        arrived.append(label + ': ' + text)
        print('Client', label, 'sent message', len(arrived), ':', text)

    answer = arrived[0] + ' received before ' + arrived[1]
    for conn in conns.values():
        conn.send(answer.encode())
    print('Sent acknowledgment to both X and Y')
    for child in children:
        child.join()
    for conn in conns.values():
        conn.close()
    print('Done.')
