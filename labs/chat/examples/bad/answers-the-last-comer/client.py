# CP372, group 22
import socket
import sys
import threading

s = socket.create_connection(("10.0.0.1", 12345))


def listen():
    while True:
        text = s.recv(1024)
        if not text:
            break
        sys.stdout.write(text.decode())
        sys.stdout.flush()


reader = threading.Thread(target=listen)
reader.start()
for line in sys.stdin:
    s.sendall(line.encode())
    if line == "exit\n":
        break
reader.join()
s.close()
