"""CP372, group 27: the server. A thread for each client."""
import socket
import threading
from datetime import datetime

record = {}
lock = threading.Lock()
seats = threading.Semaphore(3)


def now():
    return datetime.now().strftime("%Y-%m-%d %H:%M:%S")


def status():
    with lock:
        return "".join(f"{name}: from {came} to {left}\n" for name, (came, left) in record.items())


def serve(conn, name):
    with conn, conn.makefile("r") as lines:
        conn.sendall(f"Hello {name}\n".encode())
        for line in lines:
            line = line.rstrip("\n")
            if line == "exit":
                break
            answer = status() if line == "status" else line + " ACK\n"
            conn.sendall(answer.encode())
    with lock:
        record[name] = (record[name][0], now())
    seats.release()


with socket.create_server(("", 12345)) as listener:
    print("Ready.", flush=True)
    number = 0
    while True:
        conn, _ = listener.accept()
        if not seats.acquire(blocking=False):
            conn.sendall(b"All places are taken.\n")
            conn.close()
            continue
        number += 1
        name = f"Client{number:02}"
        with lock:
            record[name] = (now(), "now")
        threading.Thread(target=serve, args=(conn, name), daemon=True).start()
