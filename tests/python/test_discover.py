"""Are the right server and clients found in untidy folders?"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Dict, Mapping, Tuple, Union

import pytest

from grader import languages
from grader.discover import Discovery, RoleHints, find_programs

SERVER = """import socket
# a comment that says connect( and a string follows
note = "sock.connect("
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.bind(("", 12000))
s.listen(2)
a, _ = s.accept()
"""
CLIENT = """import socket
'''docstring: bind( listen( accept( '''
s = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
s.connect(("localhost", 12000))
"""
UDP_SERVER = """from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.bind(("", 12000))
s.recvfrom(10)
"""
UDP_CLIENT = """from socket import *
s = socket(AF_INET, SOCK_DGRAM)
s.sendto(b"x", ("localhost", 12000))
"""
C_SERVER = """#include <sys/socket.h>
int main(void) { int port = 12000; bind(3, 0, port); listen(3, 2); accept(3, 0, 0); }
"""
C_CLIENT = """#include <sys/socket.h>
int main(void) { int port = 12000; connect(3, 0, port); }
"""
JAVA_SERVER = """import java.net.*;
public class Server { public static void main(String[] a) throws Exception {
  new ServerSocket(12000).accept(); } }
"""
JAVA_CLIENT = """import java.net.*;
public class Client { public static void main(String[] a) throws Exception {
  new Socket("localhost", 12000); } }
"""
NODE_SERVER = "require('net').createServer(s => 0).listen(12000);\n"
NODE_CLIENT = "const net = require('net'); net.connect(12000);\n"

HINTS = RoleHints(port=12000)
Files = Mapping[str, Union[str, bytes]]


def find(
    folder: Path, files: Files, hints: RoleHints = HINTS
) -> Discovery:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode() if isinstance(content, str) else content
        path.write_bytes(data)
    return find_programs(folder, hints)


def chosen(found: Discovery) -> Dict[str, str]:
    return {one.role: one.source for one in found.programs}


TREES: Dict[str, Tuple[Files, str, str]] = {
    "plain": ({"server.py": SERVER, "client.py": CLIENT}, "server.py", "client.py"),
    "names with teams": (
        {"PA3_Server_Team8.py": SERVER, "PA3_Client_Team8.py": CLIENT},
        "PA3_Server_Team8.py", "PA3_Client_Team8.py"),
    "names run together": (
        {"TCPserver.py": SERVER, "TCPclient.py": CLIENT}, "TCPserver.py",
        "TCPclient.py"),
    "spaces": (
        {"my work/the server.py": SERVER, "my work/the client.py": CLIENT},
        "my work/the server.py", "my work/the client.py"),
    "a folder each": (
        {"Server/main.py": SERVER, "Client/main.py": CLIENT}, "Server/main.py",
        "Client/main.py"),
    "no telling names": (
        {"a.py": SERVER, "b.py": CLIENT}, "a.py", "b.py"),
    "names the wrong way round": (
        {"client.py": SERVER, "server.py": CLIENT}, "client.py", "server.py"),
    "an old version": (
        {"server_v2.py": SERVER, "server_old.py": SERVER, "client.py": CLIENT},
        "server_v2.py", "client.py"),
    "two versions": (
        {"v1/server.py": SERVER, "v1/client.py": CLIENT, "v2/server.py": SERVER,
         "v2/client.py": CLIENT}, "v2/server.py", "v2/client.py"),
    "a tenth version": (
        {"server_v2.py": SERVER, "server_v9.py": SERVER, "client_v9.py": CLIENT},
        "server_v9.py", "client_v9.py"),
    "a prototype": (
        {"Prototype/server.py": SERVER, "Prototype/client.py": CLIENT,
         "final/deep/server.py": SERVER, "final/deep/client.py": CLIENT},
        "final/deep/server.py", "final/deep/client.py"),
    "backups": (
        {"server.py": SERVER, "server copy.py": SERVER, "client.py": CLIENT,
         "backup/client.py": CLIENT}, "server.py", "client.py"),
    "a UDP pinger": (
        {"UDPPingerServer.py": UDP_SERVER, "UDPPingerClient.py": UDP_CLIENT,
         "x/threads.py": SERVER, "x/user.py": CLIENT}, "x/threads.py", "x/user.py"),
    "UDP alone": (
        {"server.py": UDP_SERVER, "client.py": UDP_CLIENT}, "server.py",
        "client.py"),
    "tests": (
        {"tests/test_server.py": SERVER, "tests/test_client.py": CLIENT,
         "server.py": SERVER, "client.py": CLIENT}, "server.py", "client.py"),
    "an own address by UDP": (
        {"server.py": SERVER + "u = socket.socket(2, socket.SOCK_DGRAM)\n"
         "u.connect(('8.8.8.8', 80))\n", "client.py": CLIENT},
        "server.py", "client.py"),
    "Latin-1": (
        {"server.py": ("# s\xe9\n" + SERVER).encode("latin-1"),
         "client.py": CLIENT}, "server.py", "client.py"),
    "CRLF and BOM": (
        {"server.py": b"\xef\xbb\xbf" + SERVER.replace("\n", "\r\n").encode(),
         "client.py": CLIENT.replace("\n", "\r")}, "server.py", "client.py"),
    "parts in modules": (
        {"server.py": "import net_part\nnet_part.run()\n", "net_part.py": SERVER,
         "client.py": CLIENT}, "server.py", "client.py"),
    "C": ({"s.c": C_SERVER, "c.c": C_CLIENT}, "s.c", "c.c"),
    "C with parts": (
        {"server.c": "int run(void);\nint main(void) { return run(); }\n",
         "run.c": C_SERVER.replace("main", "run"), "client.c": C_CLIENT},
        "server.c", "client.c"),
    "Java": (
        {"Server.java": JAVA_SERVER, "Client.java": JAVA_CLIENT},
        "Server.java", "Client.java"),
    "Node": (
        {"server.js": NODE_SERVER, "client.js": NODE_CLIENT}, "server.js",
        "client.js"),
    "no suffix": (
        {"server": "#!/usr/bin/env python3\n" + SERVER, "client.py": CLIENT},
        "server", "client.py"),
    "other files": (
        {"notes.ipynb": SERVER, "Server.class": b"\xca\xfe\xba\xbe\0",
         "server.pyc": b"\0\0", "big.py": "#" * 600_000, "server.py": SERVER,
         "client.py": CLIENT}, "server.py", "client.py"),
    "the pair in one place": (
        {"a/server.py": SERVER, "b/c/server.py": SERVER, "b/c/client.py": CLIENT},
        "b/c/server.py", "b/c/client.py"),
}


@pytest.mark.parametrize("name", sorted(TREES))
def test_the_right_pair_is_found(tmp_path: Path, name: str) -> None:
    files, server, client = TREES[name]
    assert chosen(find(tmp_path, files)) == {"server": server, "client": client}


LABELLED = [
    ("clientX.py", "clientY.py"), ("client_x.py", "client_y.py"),
    ("client1.py", "client2.py"), ("xClient/run.py", "yClient/run.py"),
    ("xClient/TCP_Client_X.py", "yClient/TCP_Client_Y.py"),
    ("ClientXTeam8.py", "ClientYTeam8.py"), ("client.py", "client2.py"),
    ("first_client.py", "second_client.py"),
]


@pytest.mark.parametrize("x,y", LABELLED)
def test_two_labelled_clients_are_a_pair(tmp_path: Path, x: str, y: str) -> None:
    found = find(tmp_path, {"server.py": SERVER, x: CLIENT, y: CLIENT})
    assert chosen(found) == {"server": "server.py", "client-x": x, "client-y": y}


def test_versions_of_a_client_are_no_pair(tmp_path: Path) -> None:
    found = find(tmp_path, {
        "server.py": SERVER, "client_v1.py": CLIENT, "client_v2.py": CLIENT})
    assert chosen(found) == {"server": "server.py", "client": "client_v2.py"}


def test_a_lab_with_one_client_program_has_no_pair(tmp_path: Path) -> None:
    files = {"server.py": SERVER, "client1.py": CLIENT, "client2.py": CLIENT}
    found = find(tmp_path, files, RoleHints(labelled=False))
    assert chosen(found) == {"server": "server.py", "client": "client1.py"}


def test_words_of_the_assignment_choose_among_assignments(tmp_path: Path) -> None:
    files = {
        "hw1/server.py": SERVER, "hw1/client.py": CLIENT,
        "hw3/server.py": SERVER + "print('X received before Y')\n",
        "hw3/client.py": CLIENT,
    }
    hints = RoleHints(port=12000, words=("received before",))
    assert chosen(find(tmp_path, files, hints)) == {
        "server": "hw3/server.py", "client": "hw3/client.py"}


def test_one_side_alone_is_found(tmp_path: Path) -> None:
    assert chosen(find(tmp_path / "s", {"x.py": SERVER})) == {"server": "x.py"}
    assert chosen(find(tmp_path / "c", {"x.py": CLIENT})) == {"client": "x.py"}


def test_nothing_says_what_was_looked_for(tmp_path: Path) -> None:
    found = find(tmp_path, {"report.pdf": "%PDF", "hello.py": "print(1)\n"})
    assert found.programs == ()
    assert "listens and accepts" in found.looked_for
    assert "report.pdf" in found.looked_for and "hello.py" in found.looked_for


def test_what_is_in_a_language_that_is_not_run_is_nobody_s_fault(
    tmp_path: Path,
) -> None:
    perl = {"server.pl": "use IO::Socket;", "Talk.rb": "TCPSocket.new", "a.go": "x"}
    found = find(tmp_path / "both", perl)
    assert found.programs == () and set(found.unavailable) == {"server", "client"}
    assert "Talk.rb is Ruby, server.pl is Perl: " in found.unavailable["server"]
    found = find(tmp_path / "one", {**perl, "server.py": SERVER})
    assert set(found.unavailable) == {"client"}
    found = find(tmp_path / "none", {"server.py": SERVER, "client.py": CLIENT, **perl})
    assert found.unavailable == {}
    other = {"sort.rb": "puts 1", "net.d.ts": "connect(): Socket"}
    found = find(tmp_path / "other", {"server.py": SERVER, **other})
    assert found.unavailable == {}
    large = "# socket\n" * languages.MAX_SOURCE_BYTES
    found = find(tmp_path / "large", {"server.py": SERVER, "film.ts": large})
    assert found.unavailable == {}


def test_programs_run_in_their_own_folder(tmp_path: Path) -> None:
    found = find(tmp_path, {"a b/server.py": SERVER, "a b/client.c": C_CLIENT})
    by_role = {one.role: one for one in found.programs}
    assert by_role["server"].argv == ("/usr/bin/python3", "server.py")
    assert by_role["server"].cwd == by_role["client"].cwd == "a b"
    assert by_role["client"].argv == ("./client",)
    assert by_role["client"].language == "c"


def test_notes_name_the_choice_and_the_others(tmp_path: Path) -> None:
    found = find(tmp_path, {
        "server.py": SERVER, "server_old.py": SERVER, "client.py": CLIENT})
    text = "\n".join(found.notes)
    assert "server: server.py (its code" in text
    assert "not chosen: server_old.py (old)" in text


def test_a_second_complete_pair_is_offered(tmp_path: Path) -> None:
    found = find(tmp_path, {
        "python/server.py": SERVER, "python/client.py": CLIENT,
        "c/server.c": C_SERVER, "c/client.c": C_CLIENT})
    sets = [chosen(found)] + [
        {one.role: one.source for one in other} for other in found.alternatives]
    assert {one["server"] for one in sets} == {"python/server.py", "c/server.c"}
    assert {one["client"] for one in sets} == {"python/client.py", "c/client.c"}


def test_a_decoy_is_no_second_pair(tmp_path: Path) -> None:
    found = find(tmp_path, {
        "server.py": SERVER, "client.py": CLIENT,
        "old/server.py": SERVER, "old/client.py": CLIENT})
    assert found.alternatives == ()


def test_the_submission_may_name_its_programs(tmp_path: Path) -> None:
    found = find(tmp_path, {
        "server.py": SERVER, "client.py": CLIENT, "odd.py": SERVER,
        "mngrade.yaml": "server: python3 'odd.py' 9\nbuild: make all\nfoo: bar\n"})
    server = found.programs[0]
    assert server.argv == ("/usr/bin/python3", "odd.py", "9")
    assert (server.source, server.language) == ("odd.py", "python")
    assert found.build == ("make", "all")
    assert any("`foo` is not used" in note for note in found.notes)
    assert chosen(found)["client"] == "client.py"


@pytest.mark.parametrize("text,said", [
    ("server: python3 server.py\n  client: [\n", "mngrade.yaml:2: "),
    ("- a\n", "mngrade.yaml:1: there are no keys"),
    ("server: 'unclosed \"quote'\n", "not used"),
    ("build: make\nsrever: python3 server.py\n",
     "mngrade.yaml:2: `srever` is not used; did you mean `server`?"),
    ("server:\n", "mngrade.yaml:1: `server` has no command"),
    ("# mine\nserver: python3 srv/server.py\n",
     "mngrade.yaml:2: `server: python3 srv/server.py`: there is no"
     " srv/server.py in the submission; did you mean server.py?"),
    ("server: a\nserver: b\n", "mngrade.yaml:2: "),
    ("server: python3 " + "x" * 20000, "no file of a few lines")])
def test_a_wrong_file_of_commands_is_noted(
    tmp_path: Path, text: str, said: str
) -> None:
    files = {"server.py": SERVER, "client.py": CLIENT, "mngrade.yaml": text}
    found = find(tmp_path, files)
    assert any(said in note for note in found.notes)
    assert chosen(found) == {"server": "server.py", "client": "client.py"}


def test_a_file_that_the_command_line_names_wrongly_is_told(tmp_path: Path) -> None:
    find(tmp_path, {"server.py": SERVER, "client.py": CLIENT})
    found = find_programs(tmp_path, HINTS, "python3 sever.py")
    assert found.programs[0].argv == ("/usr/bin/python3", "sever.py")
    assert any("there is no sever.py in the submission; did you mean server.py?"
               in note for note in found.notes)


def test_the_command_line_wins(tmp_path: Path) -> None:
    find(tmp_path, {
        "server.py": SERVER, "client.py": CLIENT, "other.py": SERVER, "c.py": CLIENT,
        "mngrade.yaml": "server: python3 server.py\nclient-x: python3 client.py\n"})
    found = find_programs(tmp_path, HINTS, "python3 other.py", "python3 c.py -q")
    assert chosen(found) == {"server": "other.py", "client": "c.py"}
    assert found.programs[1].argv == ("/usr/bin/python3", "c.py", "-q")


#: What makes a careless pattern look at the same text again and again.
HARD = [
    '\\"' * 200_000, '"""\\' * 100_000, "/*'" * 100_000, "`" * 99_999,
    "add_argument(" * 30_000, "from x import (" * 30_000, "strcmp(" * 60_000,
    "try:\n    " * 40_000, "in(" * 150_000, "a" * 500_000, "argv " * 90_000,
    "".join(f"v{n} = argv[{n}]\n" for n in range(20_000)),
    "".join(f"import m{n}\n" for n in range(30_000)), "x = 'server or '\n" * 30_000,
    "if __name__\n" * 40_000, "((((" * 120_000, "\n" * 500_000, "\n #" * 150_000,
    "a=" * 200_000, "input " * 80_000, "1 " * 250_000, "open('" * 80_000, " \t" * 200_000,
]
BOTH = "accept(listen( .accept( .listen( connect( .connect( argv input(\n"


@pytest.mark.parametrize("text", HARD, ids=[repr(text[:12]) for text in HARD])
def test_hard_texts_cost_little_time(tmp_path: Path, text: str) -> None:
    files: Dict[str, Union[str, bytes]] = {"server.py": SERVER, "client.py": CLIENT}
    for suffix in ("py", "c", "js", "java"):
        files[f"z.{suffix}"] = BOTH + text
    began = time.process_time()
    assert chosen(find(tmp_path, files))["server"] == "server.py"
    assert time.process_time() - began < 15


def test_of_very_many_sources_the_small_ones_are_read(tmp_path: Path) -> None:
    files: Dict[str, Union[str, bytes]] = {"server.py": SERVER, "client.py": CLIENT}
    for number in range(40):
        files[f"a{number}.js"] = NODE_SERVER + "/" * 500_000
    assert chosen(find(tmp_path, files)) == {
        "server": "server.py", "client": "client.py"}
