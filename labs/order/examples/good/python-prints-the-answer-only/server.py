# CST 311
# We used multithreading to receive concurrently.
import socket
import threading

class TcpServer:
    def __init__(self):
        self.msgs = list()
        self.lock = threading.Lock()
    def client(self, conn, letter):
        message = conn.recv(2048).decode('utf-8')
        self.lock.acquire()
        try:
            self.msgs.append('%s: %s' % (letter, message))
            print('Client %s sent message %i: %s' % (letter, len(self.msgs), message))
        finally:
            self.lock.release()
    def start(self):
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(('10.0.0.1', 12000))
        sock.listen(1)
        print('The server is waiting to receive 2 connections....')
        (x, addr) = sock.accept()
        (y, addr) = sock.accept()
        x.send('Client X connected'.encode('utf-8'))
        y.send('Client Y connected'.encode('utf-8'))
        t = [threading.Thread(target=self.client, args=(x, 'X')), threading.Thread(target=self.client, args=(y, 'Y'))]
        t[0].start()
        t[1].start()
        t[0].join()
        t[1].join()
        reply = ' received before '.join(self.msgs)
        x.send(reply.encode('utf-8'))
        y.send(reply.encode('utf-8'))
        print('Sent acknowledgment to both X and Y')

if __name__ == '__main__':
    TcpServer().start()
