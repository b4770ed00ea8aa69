# Team 16, PA3 server
# -----------------------------------------------------------------------
# Multithreading is needed because recv blocks. If we call recv for client X
# we cannot receive the message of client Y until X has sent. With 2 threads
# both messages can be received at any time, and the one that is first really
# is first. `lock` makes sure that the threads do not change the shared
# variables at the same time.
# -----------------------------------------------------------------------
import socket
import threading

HOST = ''
PORT = 12000


class Client(threading.Thread):
    lock = threading.Lock()
    order = []

    def __init__(self, sock, name):
        threading.Thread.__init__(self)
        self.sock = sock
        self.client = name
        self.message = ''

    def tell(self, text):
        self.sock.send(text.encode('utf-8'))

    def run(self):
        self.message = self.sock.recv(1024).decode('utf-8')
        Client.lock.acquire()
        Client.order.append(self)
        print('Client %s sent message %d: %s' % (self.client, len(Client.order), self.message))
        Client.lock.release()


s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind((HOST, PORT))
s.listen(2)
print('The server is waiting to receive 2 connections....')

x = Client(s.accept()[0], 'X')
print('Accepted first connection, calling it client X')
y = Client(s.accept()[0], 'Y')
print('Accepted second connection, calling it client Y')

x.tell('Client X connected')
y.tell('Client Y connected')

print('Waiting to receive messages from client X and client Y....')
x.start()
y.start()
x.join()
y.join()

one, two = Client.order
result = one.client + ': ' + one.message + ' received before ' + two.client + ': ' + two.message
x.tell(result)
y.tell(result)
print('Sent acknowledgment to both X and Y')

x.sock.close()
y.sock.close()
s.close()
print('Done.')
