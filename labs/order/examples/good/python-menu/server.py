import socket, threading, queue
# one thread per client so that neither has to wait for the other one
q = queue.Queue()
def reader(label, c):
    q.put((label, c.recv(1000).decode()))
srv = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
srv.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
srv.bind(('127.0.0.1', 9999))
srv.listen(2)
print('*** server ready ***')
clients = {}
for label in 'XY':
    clients[label], addr = srv.accept()
    print('*** client', label, 'connected from', addr, '***')
for label, c in clients.items():
    c.send(('Client ' + label + ' connected').encode())
for label, c in clients.items():
    threading.Thread(target=reader, args=(label, c), daemon=True).start()
l1, m1 = q.get()
print('1st:', l1, m1)
l2, m2 = q.get()
print('2nd:', l2, m2)
for c in clients.values():
    c.send((l1 + ': ' + m1 + ' received before ' + l2 + ': ' + m2).encode())
print('Sent acknowledgment to both X and Y')
