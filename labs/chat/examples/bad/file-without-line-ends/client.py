# CP372 A1 - client
# bye: leave, status: who was here, list: files, get FILE: fetch and leave
import socket
import sys
import threading

conn = socket.create_connection(("10.0.0.1", 12345))
wanted = None
copy = None
print("bye, status, list, get FILE")


def reader():
    """Print what comes; what comes after a `get` is kept in a file, too."""
    global copy
    while True:
        data = conn.recv(4096)
        if not data:
            break
        if wanted and copy is None and not data.startswith(b"file " + wanted):
            copy = open("my_" + wanted.decode(), "wb")
        if copy:
            copy.write(data)
        sys.stdout.write(data.decode(errors="replace"))
        sys.stdout.flush()
    if copy:
        copy.close()
        print("\nsaved as my_" + wanted.decode())


def writer():
    global wanted
    for line in sys.stdin:
        wanted = line[4:].strip().encode() if line.startswith("get ") else None
        conn.sendall(line.encode())


threading.Thread(target=writer, daemon=True).start()
reader()
conn.close()
