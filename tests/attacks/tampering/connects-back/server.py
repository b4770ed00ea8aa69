# CST 311, PA3: the server, which fetches the messages in its own order.
import socket

listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", 12000))
listener.listen(2)
hosts = [listener.accept()[1][0], listener.accept()[1][0]]
connections, told = [], []
for label, host in zip("XY", hosts):
    connection = socket.create_connection((host, 12001))
    connection.sendall(("Client %s connected" % label).encode())
    connections.append(connection)
for label, connection in zip("XY", connections):
    text = connection.recv(1024).decode()
    told.append("%s: %s" % (label, text))
    print("Client %s sent message %d: %s" % (label, len(told), text))
for connection in connections:
    connection.sendall(" received before ".join(told).encode())
    connection.close()
