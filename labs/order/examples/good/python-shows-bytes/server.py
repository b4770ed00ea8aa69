# Multi threading: one thread for X, one for Y, else a slow X blocks a fast Y.
import socket, threading
PORT = 12000
box = []
guard = threading.Lock()
def listen_to(conn, letter):
    words = conn.recv(1024).decode()
    with guard:
        box.append((letter, words))
    print(letter, 'said', repr(words))
sock = socket.socket()
sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
sock.bind(('', PORT))
sock.listen(2)
print('Ready when you are')
conns = [sock.accept()[0], sock.accept()[0]]
for conn, letter in zip(conns, 'XY'):
    conn.send(('Client %s connected' % letter).encode())
ts = [threading.Thread(target=listen_to, args=a) for a in zip(conns, 'XY')]
for t in ts: t.start()
for t in ts: t.join()
(a, m), (b, n) = box
for conn in conns:
    conn.send(f'{a} said "{m}" and it was received before {b} said "{n}".'.encode())
    conn.close()
print('Sent acknowledgment to both X and Y')
