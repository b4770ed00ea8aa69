"""Does the choice in messy hand-ins agree with a careful person's?

Each tree is a whole hand-in. What is to be chosen was written down before the
grader was asked: by name, by what the code does, by its place.
"""

from __future__ import annotations

from pathlib import Path
from typing import Dict

import pytest

import handins as h
from handin_trees import Tree, disagreements, found_in, pair, three

JAVA = "src/main/java/edu/school/net/"
TREES: Dict[str, Tree] = {
    # ---- names and versions ------------------------------------------------
    "names of a team": Tree(
        {"PA3_Server_Team8.py": h.ORDER_SERVER, "README.md": "# PA3",
         "PA3_Client_Team8.py": h.ORDER_CLIENT, "PA3.pdf": b"%PDF\0"},
        pair("PA3_Server_Team8.py", "PA3_Client_Team8.py")),
    "versions side by side": Tree(
        {"server_v2.py": h.ORDER_SERVER, "server_old.py": h.ORDER_SERVER,
         "client.py": h.ORDER_CLIENT, "client_old.py": h.ORDER_CLIENT},
        pair("server_v2.py", "client.py"), said=("server_old.py (old)",)),
    "a file downloaded twice": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": h.ORDER_CLIENT,
         "client (1).py": h.ORDER_CLIENT},
        pair("server.py", "client.py")),
    "capital suffixes": Tree(
        {"SERVER.PY": h.ORDER_SERVER, "Client.Py": h.ORDER_CLIENT},
        pair("SERVER.PY", "Client.Py")),
    "sources saved as texts": Tree(
        {"server.txt": h.ORDER_SERVER, "client.txt": h.ORDER_CLIENT,
         "notes.txt": "The server listens and then accepts.\n"},
        pair("server.txt", "client.txt")),
    "a sender and a receiver": Tree(
        {"sender.py": h.ORDER_CLIENT, "receiver.py": h.ORDER_SERVER},
        pair("receiver.py", "sender.py")),
    "a prototype is all there is": Tree(
        {"Prototype/server.py": h.ORDER_SERVER,
         "Prototype/client.py": h.ORDER_CLIENT, "notes.md": ""},
        pair("Prototype/server.py", "Prototype/client.py")),
    "the same folder twice": Tree(
        {"Team8/PA3_server.py": h.ORDER_SERVER,
         "Team8/PA3_client.py": h.ORDER_CLIENT,
         "Team8/Team8/PA3_server.py": h.ORDER_SERVER,
         "Team8/Team8/PA3_client.py": h.ORDER_CLIENT},
        pair("Team8/PA3_server.py", "Team8/PA3_client.py")),
    "the starter as it was given": Tree(
        {"starter/server.py": h.PLAIN_SERVER + "# TODO: your code\n",
         "starter/client.py": h.PLAIN_CLIENT, "tcpServer.py": h.ORDER_SERVER,
         "tcpClient.py": h.ORDER_CLIENT},
        pair("tcpServer.py", "tcpClient.py")),
    # ---- more than one assignment ------------------------------------------
    "an extra-credit chat": Tree(
        {"PA3_server.py": h.ORDER_SERVER, "PA3_client.py": h.ORDER_CLIENT,
         "PA3_ExtraCredit_ChatServer.py": h.CHAT_SERVER,
         "PA3_ExtraCredit_ChatClient.py": h.CHAT_CLIENT},
        pair("PA3_server.py", "PA3_client.py")),
    "a chat beside it": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": h.ORDER_CLIENT,
         "chat_server.py": h.CHAT_SERVER, "chat_client.py": h.CHAT_CLIENT},
        pair("server.py", "client.py")),
    "a term's assignments": Tree(
        {"PA1/WebServer.py": h.WEB_SERVER, "PA1/WebClient.py": h.WEB_CLIENT,
         "PA2/UDPPingerServer.py": h.UDP_SERVER,
         "PA2/UDPPingerClient.py": h.UDP_CLIENT,
         "PA3/server.py": h.ORDER_SERVER, "PA3/client.py": h.ORDER_CLIENT,
         "PA4/server.py": h.TLS_SERVER, "PA4/client.py": h.ORDER_CLIENT},
        pair("PA3/server.py", "PA3/client.py")),
    "homeworks that look alike": Tree(
        {"hw2/TCPServer.py": h.PLAIN_SERVER, "hw2/TCPClient.py": h.PLAIN_CLIENT,
         "hw3/TCPServer.py": h.ORDER_SERVER, "hw3/TCPClient.py": h.ORDER_CLIENT,
         "hw4/TCPServer.py": h.WEB_SERVER, "hw4/TCPClient.py": h.WEB_CLIENT},
        pair("hw3/TCPServer.py", "hw3/TCPClient.py")),
    "a part of the sum in C": Tree(
        {"Part1/server.c": h.C_SERVER, "Part1/client.c": h.C_CLIENT,
         "Part2/server.c": h.C_UDP_SERVER, "Part2/client.c": h.C_UDP_CLIENT},
        pair("Part1/server.c", "Part1/client.c"), lab="sum"),
    "an echo server in Java": Tree(
        {"EchoServer.java": h.JAVA_SERVER % ("", "EchoServer"),
         "EchoClient.java": h.JAVA_CLIENT % ("", "EchoClient"),
         "ClientHandler.java": h.JAVA_HANDLER % "",
         "ClientHandler.class": b"\xca\xfe\xba\xbe\0"},
        pair("EchoServer.java", "EchoClient.java"), lab="chat"),
    "a chat with its files": Tree(
        {"Chat_Server.py": h.CHAT_SERVER, "Chat_Client.py": h.CHAT_CLIENT,
         "server_files/client_notes.txt": "hello", "Report.pdf": b"%PDF\0",
         "server_files/server_example.py": "print('hello')\n"},
        pair("Chat_Server.py", "Chat_Client.py"), lab="chat"),
    # ---- what stands beside the programs -----------------------------------
    "a topology that starts them": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": h.ORDER_CLIENT,
         "run_client_server.py": "from mininet.net import Mininet\n"
         "net = Mininet()\nnet.get('h1').cmd('python3 server.py &')\n"
         "net.get('h2').cmd('python3 client.py')\nnet.stop()\n"},
        pair("server.py", "client.py")),
    "a test of its own": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": h.ORDER_CLIENT,
         "test_both_clients.py": h.ORDER_CLIENT * 2, "load_test.py": h.PLAIN_CLIENT},
        pair("server.py", "client.py")),
    "a client with windows": Tree(
        {"server.py": h.ORDER_SERVER, "client.py": h.ORDER_CLIENT,
         "client_gui.py": "import tkinter\n" + h.ORDER_CLIENT},
        pair("server.py", "client.py")),
    "a server alone, with its helper": Tree(
        {"main.py": "from client_handler import ClientHandler\n" + h.PLAIN_SERVER,
         "client_handler.py": h.HANDLER}, {"server": "main.py"}),
    "executables and objects beside sources": Tree(
        {"server.c": h.C_SERVER, "client.c": h.C_CLIENT, "server.o": b"\x7fELF\0\0",
         "Server.class": b"\xca\xfe\xba\xbe\0", "server.pyc": b"\0\0"},
        pair("server.c", "client.c"), lab="sum"),
    "three clients of which two are a pair": Tree(
        {"server.py": h.ORDER_SERVER, "clientX.py": h.ORDER_CLIENT,
         "clientY.py": h.ORDER_CLIENT, "client_backup.py": h.ORDER_CLIENT},
        three("server.py", "clientX.py", "clientY.py")),
    "a folder for each, with spaces": Tree(
        {"PA3 Team 8/The Server/TCP_Server.py": h.ORDER_SERVER,
         "PA3 Team 8/x Client/TCP_Client_X.py": h.ORDER_CLIENT,
         "PA3 Team 8/y Client/TCP_Client_Y.py": h.ORDER_CLIENT},
        three("PA3 Team 8/The Server/TCP_Server.py",
              "PA3 Team 8/x Client/TCP_Client_X.py",
              "PA3 Team 8/y Client/TCP_Client_Y.py")),
    # ---- how it was saved --------------------------------------------------
    "UTF-16 and Latin-1": Tree(
        {"server.py": h.ORDER_SERVER.encode("utf-16"),
         "client.py": ("# caf\xe9\n" + h.ORDER_CLIENT).encode("latin-1")},
        pair("server.py", "client.py")),
    "a notebook each": Tree(
        {"PA3_server.ipynb": h.notebook("%pip list\n", h.ORDER_SERVER),
         "PA3_client.ipynb": h.notebook(h.ORDER_CLIENT)},
        pair("PA3_server.py", "PA3_client.py"), said=("PA3_server.ipynb",)),
    "one notebook for both": Tree(
        {"PA3.ipynb": h.notebook("import socket\n", h.ORDER_SERVER, h.ORDER_CLIENT)},
        pair("PA3_server.py", "PA3_client.py"), said=("PA3.ipynb",)),
    "a notebook beside programs": Tree(
        {"trial.ipynb": h.notebook(h.ORDER_SERVER), "server.py": h.ORDER_SERVER,
         "client.py": h.ORDER_CLIENT}, pair("server.py", "client.py")),
    # ---- one program for both ----------------------------------------------
    "both roles by an argument": Tree(
        {"pa3.py": h.BY_ARGV}, pair("pa3.py", "pa3.py"),
        runs={"server": ".: python3 pa3.py server",
              "client": ".: python3 pa3.py client"}),
    "both roles by subcommands": Tree(
        {"pa3.py": h.BY_SUBCOMMAND}, pair("pa3.py", "pa3.py"),
        runs={"server": ".: python3 pa3.py serve", "client": ".: python3 pa3.py join"}),
    "both roles, which only the README tells": Tree(
        {"pa3.py": h.BY_FUNCTION_NAME, "docs/README.md":
         "# PA3\n\n    python3 pa3.py server\n    python3 pa3.py client\n"},
        pair("pa3.py", "pa3.py"),
        runs={"server": ".: python3 pa3.py server",
              "client": ".: python3 pa3.py client"}),
    "both roles by an option": Tree(
        {"src/app.py": h.BY_OPTION}, pair("src/app.py", "src/app.py"),
        runs={"server": "src: python3 app.py --mode server",
              "client": "src: python3 app.py --mode client"}),
    "both roles by a flag": Tree(
        {"app.py": h.BY_FLAG}, pair("app.py", "app.py"),
        runs={"server": ".: python3 app.py --server", "client": ".: python3 app.py"}),
    "both roles by a prompt": Tree(
        {"app.py": h.BY_PROMPT}, pair("app.py", "app.py"),
        runs={"server": ".: python3 app.py", "client": ".: python3 app.py"},
        said=("app.py asks",)),
    # ---- parts -------------------------------------------------------------
    "a package": Tree(
        {"pa3/__init__.py": "", "pa3/wire.py": h.BOTH_WAYS,
         "pa3/server.py": "from .wire import make_listener\n" + h.ORDER_SERVER,
         "pa3/client.py": "from .wire import make_connection\n" + h.ORDER_CLIENT},
        pair("pa3/server.py", "pa3/client.py"),
        runs={"server": ".: python3 -m pa3.server",
              "client": ".: python3 -m pa3.client"}),
    "a package imported by its name": Tree(
        {"src/lab/net/wire.py": h.BOTH_WAYS,
         "src/lab/net/server.py": "from lab.net import wire\n"
         "listener = wire.make_listener(12000)\n"
         "a, b = listener.accept(), listener.accept()\n",
         "src/lab/net/client.py": "from lab.net.wire import make_connection\n"
         "s = make_connection('localhost', 12000)\ns.send(input().encode())\n"},
        pair("src/lab/net/server.py", "src/lab/net/client.py"),
        runs={"server": "src: python3 -m lab.net.server",
              "client": "src: python3 -m lab.net.client"}),
    "a package with one door": Tree(
        {"pa3/__init__.py": "",
         "pa3/__main__.py": "import sys\nfrom . import client, server\n"
         "if sys.argv[1:] == ['server']:\n    server.main()\n"
         "elif sys.argv[1:] == ['client']:\n    client.main()\n",
         "pa3/server.py": h.ORDER_SERVER.split("if __name__")[0],
         "pa3/client.py": "import socket\ndef main():\n    s = socket.socket()\n"
         "    s.connect(('localhost', 12000))\n    s.send(input().encode())\n"},
        pair("pa3/__main__.py", "pa3/__main__.py"),
        runs={"server": ".: python3 -m pa3 server",
              "client": ".: python3 -m pa3 client"}),
    "two doors and a library": Tree(
        {"run_server.py": "from lib.srv import main\nmain()\n",
         "run_client.py": "from lib.usr import Talker\nTalker().go()\n",
         "lib/srv.py": h.ORDER_SERVER.split("if __name__")[0],
         "lib/usr.py": "import socket\nclass Talker:\n    def go(self):\n"
         "        s = socket.create_connection(('localhost', 12000))\n"},
        pair("run_server.py", "run_client.py")),
    "a helper that can do both": Tree(
        {"netutil.py": h.BOTH_WAYS,
         "server.py": "import netutil\ns = netutil.make_listener(12000)\n"
         "a, b = s.accept(), s.accept()\n",
         "client.py": "import netutil\n"
         "s = netutil.make_connection('localhost', 12000)\n"
         "s.send(input('Message: ').encode())\n"},
        pair("server.py", "client.py")),
    "a file that lies above": Tree(
        {"src/server.py": "conf = open('config.txt').read()\n" + h.ORDER_SERVER,
         "src/client.py": h.ORDER_CLIENT, "config.txt": "12000\n"},
        pair("src/server.py", "src/client.py"),
        runs={"server": ".: python3 src/server.py", "client": "src: python3 client.py"}),
    "a file that lies beside": Tree(
        {"src/server.py": "conf = open('../port.txt').read()\n" + h.ORDER_SERVER,
         "src/client.py": h.ORDER_CLIENT, "port.txt": "12000\n"},
        pair("src/server.py", "src/client.py"),
        runs={"server": "src: python3 server.py"}),
    "two mains with one part": Tree(
        {"src/server.c": '#include "util.h"\n' + h.C_SERVER,
         "src/client.c": '#include "util.h"\n' + h.C_CLIENT,
         "src/util.c": "int util(void) { return 1; }\n",
         "include/util.h": "int util(void);\n"},
        pair("src/server.c", "src/client.c"), lab="sum"),
    "mains of one name and a shared net": Tree(
        {"server/main.c": '#include "../common/net.h"\n'
         "int main(void) { return net_listen(2) < 0; }\n",
         "client/main.c": '#include "../common/net.h"\n'
         "int main(void) { return net_dial(2) < 0; }\n",
         "common/net.c": h.C_NET, "common/net.h": h.C_NET_H},
        pair("server/main.c", "client/main.c"), lab="sum"),
    "Maven's folders": Tree(
        {"pom.xml": "<project/>",
         JAVA + "Server.java": h.JAVA_SERVER % ("package edu.school.net;\n", "Server"),
         JAVA + "Client.java": h.JAVA_CLIENT % ("package edu.school.net;\n", "Client"),
         JAVA + "ClientHandler.java": h.JAVA_HANDLER % "package edu.school.net;\n",
         "src/test/java/edu/school/net/ServerTest.java":
         h.JAVA_CLIENT % ("package edu.school.net;\n", "ServerTest")},
        pair(JAVA + "Server.java", JAVA + "Client.java"), lab="chat"),
    # ---- toss-ups ----------------------------------------------------------
    "two languages": Tree(
        {"python/server.py": h.PLAIN_SERVER, "python/client.py": h.PLAIN_CLIENT,
         "java/Server.java": h.JAVA_SERVER % ("", "Server"),
         "java/Client.java": h.JAVA_CLIENT % ("", "Client")},
        pair("python/server.py", "python/client.py"), lab="sum",
        others=(pair("java/Server.java", "java/Client.java"),)),
    "two clients of which either would do": Tree(
        {"server.py": h.PLAIN_SERVER, "client_simple.py": h.PLAIN_CLIENT,
         "client_loop.py": h.PLAIN_CLIENT + "s.close()\n"},
        pair("server.py", "client_loop.py"), lab="sum",
        others=(pair("server.py", "client_simple.py"),)),
    "two servers of which either would do": Tree(
        {"server_select.py": h.CHAT_SERVER, "server_threads.py": h.CHAT_SERVER + "\n#\n",
         "client.py": h.CHAT_CLIENT},
        pair("server_select.py", "client.py"), lab="chat",
        others=(pair("server_threads.py", "client.py"),)),
    "two authors": Tree(
        {"alice_server.py": h.PLAIN_SERVER, "alice_client.py": h.PLAIN_CLIENT,
         "bob_server.py": h.PLAIN_SERVER + "#\n",
         "bob_client.py": h.PLAIN_CLIENT + "#\n"},
        pair("alice_server.py", "alice_client.py"), lab="sum",
        others=(pair("bob_server.py", "bob_client.py"),
                pair("alice_server.py", "bob_client.py"),
                pair("bob_server.py", "alice_client.py"))),
}


@pytest.mark.parametrize("name", sorted(TREES))
def test_the_choice_is_a_careful_persons(tmp_path: Path, name: str) -> None:
    tree = TREES[name]
    assert disagreements(found_in(tmp_path, tree), tree) == []


def test_a_hand_in_is_not_changed_but_for_notebooks(tmp_path: Path) -> None:
    tree = TREES["UTF-16 and Latin-1"]
    found_in(tmp_path, tree)
    for name, content in tree.files.items():
        assert (tmp_path / name).read_bytes() == content
