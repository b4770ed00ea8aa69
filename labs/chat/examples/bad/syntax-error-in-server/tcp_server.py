"""CP372 Assignment 1 -- TCP server with a console of its own.

While it serves, one may type on its terminal:
    clients     who is connected
    stop        end the server
"""
import os
import socket
import sys
import threading
from datetime import datetime

SERVER_FILES = os.path.join(os.path.dirname(__file__), "server_files")


class Server:
    def __init__(self, port=12345, limit=3):
        self.limit = limit
        self.lock = threading.Lock()
        self.current = {}           # name -> socket
        self.cache = {}             # name -> (start, end)
        self.counter = 0
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind(("", port))
        self.sock.listen(5)

    def run(self):
        print("Server is listening...")
        while True:
            conn, addr = self.sock.accept()
            with self.lock:
                if len(self.current) >= self.limit:
                    conn.sendall(b"Server is full, try again later.")
                    conn.close()
                    continue
                self.counter += 1
                name = f"Client{self.counter:02d}"
                self.current[name] = conn
                self.cache[name] = (datetime.now(), None)
            threading.Thread(target=self.client, args=(conn, name), daemon=True).start()

    def status(self):
        with self.lock:
            return "\n".join(
                f"{name}: from {start:%H:%M:%S} " + (f"to {end:%H:%M:%S}" if end else "until now")
                for name, (start, end) in self.cache.items())

    def file(self, conn, name):
        try:
            if os.path.basename(name) != name:
                raise FileNotFoundError
            with open(os.path.join(SERVER_FILES, name), "rb") as f:
                content = f.read()
        except OSError:
            conn.sendall(f"Requested file {name} was not found on the server.".encode())
            return
        conn.sendall(f"Content of {name} ({len(content)} bytes):\n".encode())
        conn.sendall(content)

    def client(self, conn, name):
        print(f"\n{name} connected")
        try:
            conn.sendall(f"Hello {name}!".encode())
            while True:
                msg = conn.recv(1024).decode()
                if not msg or msg == "exit":
                    break
                elif msg == "status":
                    conn.sendall(self.status().encode()
                elif msg == "list":
                    conn.sendall(str(os.listdir(SERVER_FILES)).encode())
                elif msg.startswith("file "):
                    self.file(conn, msg[5:])
                else:
                    conn.sendall(f"{msg} ACK".encode())
        except OSError:
            pass
        with self.lock:
            del self.current[name]
            self.cache[name] = (self.cache[name][0], datetime.now())
        conn.close()
        print(f"\n{name} disconnected")

    def console(self):
        while True:
            try:
                command = input("server> ")
            except EOFError:
                return
            if command == "stop":
                self.sock.close()
                os._exit(0)
            if command == "clients":
                print(", ".join(self.current) or "nobody")


if __name__ == "__main__":
    os.makedirs(SERVER_FILES, exist_ok=True)
    server = Server(int(sys.argv[1]) if len(sys.argv) > 1 else 12345)
    threading.Thread(target=server.console, daemon=True).start()
    server.run()
