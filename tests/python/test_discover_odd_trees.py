"""Are stranger hand-ins understood as a careful person would?

As test_discover_trees.py, with what is seldom: programs for both roles in
other languages, wrappers around sockets, roots of packages, odd places.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import pytest

import handins as h
from handin_trees import Tree, disagreements, found_in, pair, three

UDP_TRICK = """
probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
probe.connect(("8.8.8.8", 80))
"""
SOCKETSERVER = """import socketserver
class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        self.wfile.write(self.rfile.readline())
with socketserver.ThreadingTCPServer(("", 12345), Handler) as server:
    server.serve_forever()
"""
CPP_WRAPPER = h.C_HEAD + """#include "Socket.hpp"
Socket::Socket() : fd(::socket(AF_INET, SOCK_STREAM, 0)) {
}
void Socket::listen(int port) {
    ::bind(fd, 0, 0); ::listen(fd, port);
}
int Socket::accept() {
    return ::accept(fd, 0, 0);
}
int Socket::connect(const char *host) {
    return ::connect(fd, 0, host != 0);
}
"""
CPP_HEADER = """class Socket {
public:
    Socket(); void listen(int port); int accept(); int connect(const char *host);
private:
    int fd;
};
"""
JAVA_DOOR = """package chat;
public class App {
  public static void main(String[] args) throws Exception {
    if (args[0].equals("server")) { ChatServer.start(); }
    else if (args[0].equals("client")) { ChatClient.start(); }
  }
}
"""
JAVA_PART = """package chat;
import java.net.*;
class %s { static void start() throws Exception { %s; } }
"""
JAVA_SWITCH = """import java.net.*;
public class Net {
  public static void main(String[] args) throws Exception {
    switch (args[0]) {
      case "server": new ServerSocket(12345).accept(); break;
      case "client": new Socket("localhost", 12345); break;
    }
  }
}
"""
C_BOTH = h.C_HEAD + """#include <string.h>
int main(int argc, char **argv) {
    int s = socket(AF_INET, SOCK_STREAM, 0);
    if (argc > 1 && strcmp(argv[1], "-s") == 0) { listen(s, 2); accept(s, 0, 0); }
    else if (argc > 1 && strcmp(argv[1], "-c") == 0) { connect(s, 0, 0); }
    return 0;
}
"""
MENU = h.TWO_ROLES % """print("1. Start the server")
print("2. Start a client")
if input("Choice: ") == "1":
    run_server()
else:
    run_client()"""
PEER_CLIENT = """import socket, threading
def hear():
    s = socket.socket()
    s.bind(("", 0))
    s.listen(1)
    s.accept()
threading.Thread(target=hear).start()
s = socket.socket()
s.connect(("localhost", 12000))
s.send(input("Message: ").encode())
"""
IN_THREADS = h.TWO_ROLES % """import threading
threading.Thread(target=run_server).start()
run_client()"""

TREES: Dict[str, Tree] = {
    "a folder each in Java": Tree(
        {"Server/ServerMain.java": h.JAVA_SERVER % ("", "ServerMain"),
         "Server/ClientHandler.java": h.JAVA_HANDLER % "",
         "Client/ClientMain.java": h.JAVA_CLIENT % ("", "ClientMain")},
        pair("Server/ServerMain.java", "Client/ClientMain.java"), lab="chat"),
    "a handler in a part of the server": Tree(
        {"TCPServer.py": "from server_utils import ClientHandler\n" + h.CHAT_SERVER,
         "server_utils.py": h.HANDLER, "TCPClient.py": h.CHAT_CLIENT},
        pair("TCPServer.py", "TCPClient.py"), lab="chat"),
    "a client that listens, too": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": PEER_CLIENT},
        pair("server.py", "client.py")),
    "a host that asks for its own address": Tree(
        {"host.py": h.ORDER_SERVER.replace("\ndef serve", UDP_TRICK + "\ndef serve"),
         "peer.py": h.ORDER_CLIENT}, pair("host.py", "peer.py")),
    "a server with options and its own address": Tree(
        {"server.py": "import argparse\np = argparse.ArgumentParser()\n"
         "p.add_argument('--host')\np.add_argument('--port')\np.parse_args()\n"
         + h.PLAIN_SERVER.replace("while True", UDP_TRICK + "while True"),
         "client.py": h.PLAIN_CLIENT}, pair("server.py", "client.py"), lab="sum",
        runs={"server": ".: python3 server.py"}),
    "asyncio in files of other names": Tree(
        {"app/main.py": "import asyncio\nasync def main():\n"
         "    s = await asyncio.start_server(print, '', 12345)\n"
         "    await s.serve_forever()\nasyncio.run(main())\n",
         "app/user.py": "import asyncio\nasync def main():\n"
         "    r, w = await asyncio.open_connection('localhost', 12345)\n"
         "asyncio.run(main())\n"},
        pair("app/main.py", "app/user.py"), lab="chat"),
    "socketserver": Tree(
        {"chat.py": SOCKETSERVER, "talk.py": h.CHAT_CLIENT},
        pair("chat.py", "talk.py"), lab="chat"),
    "tests in C have mains, too": Tree(
        {"Makefile": "all:\n", "src/tcp_server.c": h.C_SERVER,
         "src/tcp_client.c": h.C_CLIENT, "src/common.c": "int common;\n",
         "tests/test_common.c": h.C_CLIENT}, lab="sum",
        chosen=pair("src/tcp_server.c", "src/tcp_client.c")),
    "a wrapper in C++": Tree(
        {"Socket.cpp": CPP_WRAPPER, "Socket.hpp": CPP_HEADER,
         "server.cpp": '#include "Socket.hpp"\nint main() { Socket s; s.listen(2);'
         " s.accept(); }\n",
         "client.cpp": '#include "Socket.hpp"\nint main() { Socket s;'
         ' s.connect("localhost"); }\n'},
        pair("server.cpp", "client.cpp"), lab="sum"),
    "one door in Java": Tree(
        {"app/src/main/java/chat/App.java": JAVA_DOOR,
         "app/src/main/java/chat/ChatServer.java":
         JAVA_PART % ("ChatServer", "new ServerSocket(12345).accept()"),
         "app/src/main/java/chat/ChatClient.java":
         JAVA_PART % ("ChatClient", 'new Socket("localhost", 12345)'),
         "build.gradle": "", "gradle/wrapper/gradle-wrapper.jar": b"PK\0"},
        pair("app/src/main/java/chat/App.java", "app/src/main/java/chat/App.java"),
        lab="chat"),
    "both roles by a switch in Java": Tree(
        {"Net.java": JAVA_SWITCH}, pair("Net.java", "Net.java"), lab="chat"),
    "both roles by options in C": Tree(
        {"net.c": C_BOTH}, pair("net.c", "net.c"), lab="sum",
        runs={"server": ".: ./net -s", "client": ".: ./net -c"}),
    "both roles by a menu": Tree(
        {"main.py": MENU}, pair("main.py", "main.py"), said=("main.py asks",)),
    "both roles at once, beside the programs": Tree(
        {"client_server.py": IN_THREADS, "server.py": h.ORDER_SERVER,
         "client.py": h.ORDER_CLIENT}, pair("server.py", "client.py")),
    "a helper in Node": Tree(
        {"package.json": "{}", "lib/net-helper.js":
         "const net = require('net');\nexports.up = f => net.createServer(f);\n",
         "server.js": "const { up } = require('./lib/net-helper');\n"
         "up(s => s.write('x')).listen(12345);\n",
         "client.js": "const net = require('net');\nnet.connect(12345);\n"},
        pair("server.js", "client.js"), lab="chat"),
    "no suffixes": Tree(
        {"server": "#!/usr/bin/env python3\n" + h.ORDER_SERVER,
         "client": "#!/usr/bin/python3 -u\n" + h.ORDER_CLIENT},
        pair("server", "client")),
    "a final server": Tree(
        {"PA3/server_final.py": h.ORDER_SERVER, "PA3/client.py": h.ORDER_CLIENT,
         "PA3/server.py": h.ORDER_SERVER + "\n"},
        pair("PA3/server_final.py", "PA3/client.py")),
    "a first and a final version": Tree(
        {"Work/First Version/server.py": h.ORDER_SERVER + "x = 1\n",
         "Work/First Version/client.py": h.ORDER_CLIENT,
         "Work/Final Version/server.py": h.ORDER_SERVER,
         "Work/Final Version/client.py": h.ORDER_CLIENT + "x = 1\n"},
        pair("Work/Final Version/server.py", "Work/Final Version/client.py")),
    "copies of an explorer": Tree(
        {"server.py": h.ORDER_SERVER, "server - Copy.py": h.ORDER_SERVER,
         "client.py": h.ORDER_CLIENT, "client - Copy (2).py": h.ORDER_CLIENT},
        pair("server.py", "client.py")),
    "two languages in one folder": Tree(
        {"Server.py": h.PLAIN_SERVER, "Client.py": h.PLAIN_CLIENT,
         "Server.java": h.JAVA_SERVER % ("", "Server"),
         "Client.java": h.JAVA_CLIENT % ("", "Client")},
        pair("Server.py", "Client.py"), lab="sum",
        others=(pair("Server.java", "Client.java"),)),
    "folders of one file each": Tree(
        {"server/main.py": h.ORDER_SERVER, "client_x/main.py": h.ORDER_CLIENT,
         "client_y/main.py": h.ORDER_CLIENT + "# Y\n"},
        three("server/main.py", "client_x/main.py", "client_y/main.py")),
    "two clients by the names of their users": Tree(
        {"server.py": h.ORDER_SERVER,
         "alice.py": h.ORDER_CLIENT.replace("input(", "str("),
         "bob.py": h.ORDER_CLIENT.replace("input(", "repr(")},
        pair("server.py", "alice.py"),
        others=(three("server.py", "alice.py", "bob.py"), pair("server.py", "bob.py"))),
    "a bonus that the lab asks for": Tree(
        {"Server.py": h.CHAT_SERVER, "Client.py": h.CHAT_CLIENT,
         "Bonus/Server.py": h.CHAT_SERVER + "x = 1\n",
         "Bonus/Client.py": h.CHAT_CLIENT + "x = 1\n"},
        pair("Server.py", "Client.py"), lab="chat",
        others=(pair("Bonus/Server.py", "Bonus/Client.py"),)),
    "a client of windows alone": Tree(
        {"Chat_Server.py": h.CHAT_SERVER,
         "Chat_Client_GUI.py": "import tkinter as tk\n" + h.CHAT_CLIENT},
        pair("Chat_Server.py", "Chat_Client_GUI.py"), lab="chat"),
    "a notebook for the client alone": Tree(
        {"server.py": h.ORDER_SERVER, "PA3 client.ipynb": h.notebook(h.ORDER_CLIENT)},
        pair("server.py", "PA3 client.py")),
    "a notebook that writes files": Tree(
        {"hw.ipynb": h.notebook("%%writefile server.py\n" + h.ORDER_SERVER,
                                "%%writefile client.py\n" + h.ORDER_CLIENT,
                                "!python3 server.py &\n")},
        pair("server.py", "client.py")),
    "settings in a folder of their own": Tree(
        {"src/server.py": "import configparser\nc = configparser.ConfigParser()\n"
         "c.read('settings.ini')\n" + h.ORDER_SERVER, "src/client.py": h.ORDER_CLIENT,
         "config/settings.ini": "[net]\nport = 12000\n"},
        pair("src/server.py", "src/client.py"),
        runs={"server": "config: python3 ../src/server.py",
              "client": "src: python3 client.py"}),
    "a package beside": Tree(
        {"server.py": "from utils.net import line\n" + h.ORDER_SERVER,
         "client.py": h.ORDER_CLIENT, "utils/__init__.py": "",
         "utils/net.py": "def line():\n    return ''\n"},
        pair("server.py", "client.py"), runs={"server": ".: python3 server.py"}),
    "a shared folder beside each": Tree(
        {"src/server/server.py": "from shared.proto import PORT\n" + h.ORDER_SERVER,
         "src/client/client.py": "from shared.proto import PORT\n" + h.ORDER_CLIENT,
         "src/shared/proto.py": "PORT = 12000\n"},
        pair("src/server/server.py", "src/client/client.py"),
        runs={"server": "src: python3 -m server.server",
              "client": "src: python3 -m client.client"}),
    "two servers and no client": Tree(
        {"server_a.py": h.PLAIN_SERVER, "server_b.py": h.PLAIN_SERVER + "x = 1\n",
         "server_old.py": h.PLAIN_SERVER + "x = 2\n"},
        {"server": "server_a.py"}, lab="sum", others=({"server": "server_b.py"},)),
    "words alone": Tree({"README.md": "The server is on my machine."}, {}),
}


@pytest.mark.parametrize("name", sorted(TREES))
def test_the_choice_is_a_careful_persons(tmp_path: Path, name: str) -> None:
    tree = TREES[name]
    assert disagreements(found_in(tmp_path, tree), tree) == []
