"""Is it known how one program for both roles is told its role?"""

from __future__ import annotations

from pathlib import Path
from typing import Optional, Tuple

import pytest

import handins as h
from grader import entry, languages
from grader.model import Program
from grader.stage import Stage

PY = languages.PYTHON
BY_ROLE = "import sys\nrole = sys.argv[1]\nif role == 'host':\n    a()\nelse:\n    b()\n"
#: The source, the words for the server and for the client.
TOLD = [
    (h.BY_ARGV, PY, ("server",), ("client",)),
    (h.BY_SUBCOMMAND, PY, ("serve",), ("join",)),
    (h.BY_OPTION, PY, ("--mode", "server"), ("--mode", "client")),
    (h.BY_FLAG, PY, ("--server",), ()),
    (h.BY_PROMPT, PY, (), ()),
    ("import sys\nrole = sys.argv[1].lower()\nif role in ('s', 'server'): a()\n"
     "elif role in ('c', 'client'): b()\n", PY, ("server",), ("client",)),
    ("import sys\n{'listen': a, 'connect': b}[sys.argv[1]]()\n", PY,
     ("listen",), ("connect",)),
    ("import argparse\np = argparse.ArgumentParser()\np.add_argument('role')\n"
     "a = p.parse_args()\nif a.role == 'server': x()\nif a.role == 'client': y()\n",
     PY, ("server",), ("client",)),
    ("import argparse\np = argparse.ArgumentParser()\n"
     "p.add_argument('-l', '--listen', action='store_true')\n"
     "p.add_argument('host', nargs='?')\np.parse_args()\n", PY, ("--listen",), ()),
    ("import sys\nmatch sys.argv[1]:\n    case 'server':\n        a()\n"
     "    case 'client':\n        b()\n", PY, ("server",), ("client",)),
    ("int main(int argc, char **argv) { switch (getopt(argc, argv, \"sc\")) {\n"
     "case 's': a(); break; case 'c': b(); } }\n", languages.C, ("-s",), ("-c",)),
    ("int main(int c, char **argv) { if (!strcmp(argv[1], \"server\")) a();\n"
     "else if (!strcmp(argv[1], \"client\")) b(); }\n", languages.C,
     ("server",), ("client",)),
    ("class A { static void main(String[] args) {\n"
     "if (\"server\".equalsIgnoreCase(args[0])) a(); else if"
     " (args[0].equals(\"client\")) b(); } }\n", languages.JAVA,
     ("server",), ("client",)),
    ("if (process.argv[2] === 'server') a(); else if (process.argv[2] === 'client')"
     " b();\n", languages.NODE, ("server",), ("client",)),
]


@pytest.mark.parametrize("text,language,server,client", TOLD)
def test_the_words_for_a_role_are_found(
    text: str,
    language: languages.Language,
    server: Tuple[str, ...],
    client: Tuple[str, ...],
) -> None:
    assert entry.find(text, language) == {"server": server, "client": client}


@pytest.mark.parametrize("text", [
    BY_ROLE, h.ORDER_SERVER, h.ORDER_CLIENT, h.CHAT_CLIENT,
    "import sys\nhost, port = sys.argv[1:]\nprint('server or client')\n",
    "import argparse\np = argparse.ArgumentParser()\np.add_argument('--host')\n"
    "p.add_argument('--server-port')\np.parse_args()\n",
    "# sys.argv[1] == 'server' or sys.argv[1] == 'client'\nx = 1\n",
    "name = input('Enter the server: ')\nprint('the client connects')\n"])
def test_other_words_are_no_roles(text: str) -> None:
    assert entry.find(text, PY) is None


README = "# Pair\n\n    python3 pair.py server\n    python3 pair.py client [--host HOST]\n"
#: The program, what is written of it, the words for the server and the client.
DOCUMENTED = [
    ("pair.py", README, ("server",), ("client",)),
    ("pair.py", "python3 src/pair.py --mode serve\npython3 src/pair.py --mode join\n",
     ("--mode", "serve"), ("--mode", "join")),
    ("pair.c", "/* ./pair -s starts the server, ./pair -c the client */",
     ("-s",), ("-c",)),
    ("Pair.java", "java Pair server 12000, then: java Pair client h1 12000",
     ("server",), ("client",)),
]


@pytest.mark.parametrize("program,told,server,client", DOCUMENTED)
def test_the_words_for_a_role_are_read_from_documents(
    program: str, told: str, server: Tuple[str, ...], client: Tuple[str, ...]
) -> None:
    found = entry.documented(program, ["", told])
    assert found == {"server": server, "client": client}


@pytest.mark.parametrize("told", [
    "", "python3 pair.py\n", "python3 pair.py server\n",
    "python3 server.py server\npython3 client.py client\n",
    "pair.py holds the server and the client\n"])
def test_other_documents_tell_no_role(told: str) -> None:
    assert entry.documented("pair.py", [told]) is None


#: What stands on the screen, and what to type for each role.
ASKED = [
    ("Run as (s)erver or (c)lient? ", "s", "c"),
    ("server or client: ", "server", "client"),
    ("Mode [server/client]: ", "server", "client"),
    ("Client or server (c/s)? ", "s", "c"),
    ("1. Server\n2. Client\nChoice: ", "1", "2"),
    ("1) Start a client\n2) Start the server\n> ", "2", "1"),
    ("Enter 1 for server, 2 for client: ", "1", "2"),
    ("Server (1) or client (2)? ", "1", "2"),
    ("s = server, c = client: ", "s", "c"),
    ("[1] Host\n[2] Join\nYour choice: ", "1", "2"),
    ("Enter message to send to server: ", None, None),
    ("The server has 2 clients\nEnter your name: ", None, None),
    ("Connected to server 10.0.0.1 as client 1\nMessage: ", None, None),
    ("", None, None),
]


@pytest.mark.parametrize("said,server,client", ASKED)
def test_a_question_for_the_role_is_answered(
    said: str, server: Optional[str], client: Optional[str]
) -> None:
    assert entry.answer(said, "server") == server
    assert entry.answer(said, "client") == client


def test_only_a_program_for_both_is_told_its_role(tmp_path: Path) -> None:
    (tmp_path / "labexec").write_text("")
    both = [Program(role, ("python3", "a.py")) for role in ("server", "client")]
    two = [both[0], Program("client", ("python3", "b.py"))]
    answers = []
    for number, programs in enumerate((both, two, both[:1])):
        scratch = tmp_path / str(number)
        scratch.mkdir()
        stage = Stage(programs, tmp_path, scratch, tmp_path / "labexec", {}, ())
        answers.append(stage.role_asked("client", "server or client? "))
        assert stage.role_asked("client", "Enter message: ") == ""
    assert answers == ["client", "", ""]
