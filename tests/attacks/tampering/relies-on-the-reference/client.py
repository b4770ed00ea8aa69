# CST 311, PA3: the client. Any server that greets is good enough.
import socket


def greeted(host):
    connection = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    connection.settimeout(0.5)
    try:
        connection.connect((host, 12000))
        return connection, connection.recv(1024).decode()
    except OSError:
        connection.close()
        return None, ""


for host in ["10.0.0.%d" % number for number in (1, 2, 3, 4, 254)] + ["127.0.0.1"]:
    connection, text = greeted(host)
    if text:
        break
else:
    raise SystemExit("no server greets")
connection.settimeout(None)
print("From Server:", text)
connection.sendall(input("Enter message to send to server: ").encode())
print("From Server:", connection.recv(1024).decode())
connection.close()
