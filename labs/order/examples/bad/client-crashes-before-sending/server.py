import select
import socket
import sys

# ---------------------------------------------------------------------------
# PA3 server                                                          Team 45
#
# About multithreading: normally a thread for each client is needed, because
# recv() blocks and a server that is stuck in recv() for one client does not
# see the message of the other client. The order in which it *reads* would
# then not be the order in which the messages *arrive*. We asked and were
# allowed to use select() instead: it waits for both sockets at the same time
# in a single thread, so it solves the same problem and nothing must be locked.
# ---------------------------------------------------------------------------

PORT = 12000


def wait_for_two(listener):
    clients = {}
    for label, word in (("X", "first"), ("Y", "second")):
        conn, addr = listener.accept()
        print("Accepted %s connection, calling it client %s" % (word, label))
        clients[conn] = label
    return clients


def collect(clients):
    """Return [(label, message), ...] in order of arrival."""
    order = []
    waiting = list(clients)
    while waiting:
        readable, _, _ = select.select(waiting, [], [])
        for conn in readable:
            data = conn.recv(4096)
            waiting.remove(conn)
            if not data:
                sys.exit("client %s left without a message" % clients[conn])
            text = data.decode().rstrip("\r\n")
            order.append((clients[conn], text))
            print("Client %s sent message %d: %s" % (clients[conn], len(order), text))
    return order


listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", PORT))
listener.listen(5)
print("The server is waiting to receive 2 connections....\n")

clients = wait_for_two(listener)
for conn, label in clients.items():
    conn.sendall(("From Server: Client %s connected" % label).encode())

print("\nWaiting to receive messages from client X and client Y....\n")
(l1, m1), (l2, m2) = collect(clients)
for conn in clients:
    conn.sendall(("From Server: %s: %s received before %s: %s" % (l1, m1, l2, m2)).encode())
print("\nSent acknowledgment to both X and Y")

print("\nWaiting a bit for clients to close their connections")
for conn in clients:
    conn.recv(1)    # returns when the client has closed
    conn.close()
print("Done.")
