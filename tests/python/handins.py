"""What do the programs of made-up hand-ins look like?

Texts of small servers and clients in the ways that students write them, for
the tests of what finds and builds programs. They are read and compiled, and
most would run; what they would earn is no matter here.
"""

from __future__ import annotations

import json
from typing import Dict, Sequence

ORDER_SERVER = """# Why threads: both clients may send at any time.
import socket
import threading

def serve(conn, name, seen):
    seen.append((name, conn.recv(1024).decode()))

def main():
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.bind(("", 12000))
    listener.listen(2)
    print("The server is waiting to receive 2 connections....")
    conns = [listener.accept()[0] for _ in range(2)]
    seen = []
    threads = [threading.Thread(target=serve, args=(c, n, seen))
               for c, n in zip(conns, "XY")]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    (a, first), (b, second) = seen
    for conn in conns:
        conn.send(f"{a}: {first} received before {b}: {second}".encode())

if __name__ == "__main__":
    main()
"""
ORDER_CLIENT = """import socket
sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
sock.connect(("localhost", 12000))
print("From Server:", sock.recv(1024).decode())
sock.send(input("Enter message to send to server: ").encode())
print("From Server:", sock.recv(1024).decode())
"""
PLAIN_SERVER = """import socket
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12000))
s.listen(5)
while True:
    conn, _ = s.accept()
    conn.send(conn.recv(1024).upper())
"""
PLAIN_CLIENT = """from socket import *
s = socket(AF_INET, SOCK_STREAM)
s.connect(("127.0.0.1", 12000))
s.send(input("Input lowercase sentence: ").encode())
print(s.recv(1024).decode())
"""
UDP_SERVER = """from socket import *
import random
s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
while True:
    message, address = s.recvfrom(1024)
    s.sendto(message.upper(), address)
"""
UDP_CLIENT = """from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.settimeout(1)
s.sendto(b"Ping", ("127.0.0.1", 12000))
print(s.recvfrom(1024))
"""
WEB_SERVER = PLAIN_SERVER.replace(
    "conn.send(conn.recv(1024).upper())",
    'conn.send(b"HTTP/1.1 200 OK\\r\\n\\r\\n" + conn.recv(1024))',
)
WEB_CLIENT = PLAIN_CLIENT.replace(
    's.send(input("Input lowercase sentence: ").encode())',
    's.send(b"GET /hello.html HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n")',
)
TLS_SERVER = ORDER_SERVER.replace(
    "import threading", "import ssl\nimport threading"
).replace("received before", "joined before")
CHAT_SERVER = """import socket, threading
clients = []
def handle(conn):
    while True:
        line = conn.recv(1024)
        for other in clients:
            other.send(line + b" ACK")
s = socket.socket()
s.bind(("0.0.0.0", 12345))
s.listen()
while True:
    conn, addr = s.accept()
    clients.append(conn)
    threading.Thread(target=handle, args=(conn,)).start()
"""
CHAT_CLIENT = """import socket
s = socket.socket()
s.connect(("localhost", 12345))
while True:
    line = input("> ")
    s.send(line.encode())
    print("Received from server:", s.recv(1024).decode())
    if line == "exit":
        break
"""
#: Code that both sides use.
BOTH_WAYS = """import socket

def make_listener(port):
    s = socket.socket()
    s.bind(("", port))
    s.listen(2)
    return s

def make_connection(host, port):
    s = socket.socket()
    s.connect((host, port))
    return s
"""
#: A thread of a server for one client; it is no program.
HANDLER = """import threading

class ClientHandler(threading.Thread):
    def __init__(self, sock):
        super().__init__()
        self.sock = sock

    def run(self):
        self.sock.send(self.sock.recv(1024))
"""
TWO_ROLES = """import socket
import sys

def run_server():
    s = socket.socket()
    s.bind(("", 12000))
    s.listen(2)
    a, b = s.accept(), s.accept()

def run_client():
    s = socket.socket()
    s.connect(("localhost", 12000))
    s.send(input("Enter message: ").encode())

%s
"""
BY_ARGV = TWO_ROLES % """if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("usage: pa3.py server|client")
    if sys.argv[1] == "server":
        run_server()
    elif sys.argv[1] == "client":
        run_client()"""
BY_SUBCOMMAND = TWO_ROLES % """import argparse
parser = argparse.ArgumentParser()
sub = parser.add_subparsers(dest="command", required=True)
sub.add_parser("serve").set_defaults(func=run_server)
sub.add_parser("join").set_defaults(func=run_client)
parser.parse_args().func()"""
BY_FUNCTION_NAME = TWO_ROLES % """import argparse
parser = argparse.ArgumentParser()
sub = parser.add_subparsers(required=True)
for function in (run_server, run_client):
    word = function.__name__[len("run_"):]
    sub.add_parser(word).set_defaults(func=function)
parser.parse_args().func()"""
BY_OPTION = TWO_ROLES % """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("-m", "--mode", choices=["server", "client"], required=True)
args = parser.parse_args()
run_server() if args.mode == "server" else run_client()"""
BY_FLAG = TWO_ROLES % """if "--server" in sys.argv:
    run_server()
else:
    run_client()"""
BY_PROMPT = TWO_ROLES % """choice = input("Run as (s)erver or (c)lient? ")
if choice.lower() == "s":
    run_server()
else:
    run_client()"""

C_HEAD = "#include <stdio.h>\n#include <sys/socket.h>\n#include <unistd.h>\n"
C_SERVER = C_HEAD + """int main(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0), port = 12000;
    puts("SERVER");
    if (port < 0) { bind(s, 0, 0); listen(s, 2); accept(s, 0, 0); }
    return 0;
}
"""
C_CLIENT = C_HEAD + """int main(void) {
    int s = socket(AF_INET, SOCK_STREAM, 0), port = 12000;
    puts("CLIENT");
    if (port < 0) connect(s, 0, 0);
    return 0;
}
"""
C_UDP_SERVER = C_SERVER.replace("STREAM", "DGRAM").replace(
    "listen(s, 2); accept(s, 0, 0);", "recvfrom(s, 0, 0, 0, 0, 0);")
C_UDP_CLIENT = C_CLIENT.replace("STREAM", "DGRAM").replace(
    "connect(s, 0, 0)", "sendto(s, 0, 0, 0, 0, 0)")
#: Listening and connecting in a part that both programs use.
C_NET = C_HEAD + """#include "net.h"
int net_listen(int port) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    bind(s, 0, 0); listen(s, port); return accept(s, 0, 0);
}
int net_dial(int port) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    return connect(s, 0, port);
}
"""
C_NET_H = "int net_listen(int port);\nint net_dial(int port);\n"
JAVA_SERVER = """%simport java.net.*;
public class %s {
  public static void main(String[] args) throws Exception {
    System.out.println("SERVER");
    if (args.length > 9) { new ServerSocket(12345).accept(); }
  }
}
"""
JAVA_CLIENT = """%simport java.net.*;
public class %s {
  public static void main(String[] args) throws Exception {
    System.out.println("CLIENT");
    if (args.length > 9) { new Socket("localhost", 12345); }
  }
}
"""
JAVA_HANDLER = """%simport java.net.*;
class ClientHandler extends Thread {
  private final Socket socket;
  ClientHandler(Socket socket) { this.socket = socket; }
}
"""


def notebook(*cells: str, words: str = "# Programming assignment") -> str:
    """A Jupyter notebook with these cells of code."""
    told: Sequence[Dict[str, object]] = [
        {"cell_type": "markdown", "metadata": {}, "source": [words]}
    ]
    code: Sequence[Dict[str, object]] = [
        {"cell_type": "code", "metadata": {}, "outputs": [],
         "execution_count": None, "source": cell.splitlines(keepends=True)}
        for cell in cells
    ]
    return json.dumps({"cells": [*told, *code], "nbformat": 4,
                       "nbformat_minor": 5, "metadata": {}})
