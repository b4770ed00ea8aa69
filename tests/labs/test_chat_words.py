"""Is a program of lab `chat` spoken to in its own words?

Menus as clients show them, and commands as sources have them. The handout's
word is right where nothing else is found.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab  # noqa: E402

lab.load("chat")
menus: Any = sys.modules["mngrade_lab_chat.menus"]
words: Any = sys.modules["mngrade_lab_chat.words"]

FIVE = {"echo": "1", "status": "2", "list": "3", "get": "4", "leave": "5"}
MENUS = {
    "1. Send a message\n2. Status\n3. List files\n4. Get a file\n5. Exit\n> ": FIVE,
    "1) Echo\n2) Who is connected\n3) Show files\n4) Download\n5) Quit\n": FIVE,
    "[1] Message\n[2] Status\n[3] List\n[4] File\n[5] Bye\nChoice: ": FIVE,
    "(M)essage, (S)tatus, (E)xit: ": {"echo": "M", "status": "S", "leave": "E"},
    "[1] message [2] status [3] exit: ": {
        "echo": "1", "status": "2", "leave": "3",
    },
    "0 - quit\n1 - send text\n2 - show status\n> ": {
        "leave": "0", "echo": "1", "status": "2",
    },
    "> Enter message (or 'exit' to quit, 'status' for information) ": None,
    "Files:\n1. notes.txt\n2. report.pdf\n3. exit.txt\n> ": None,
    "Client01 12:30:11\nClient02 12:30:14\nClient03 12:31:02\n> ": None,
    "": None,
}


@pytest.mark.parametrize("said", MENUS)
def test_a_menu_is_read_and_what_is_none_is_not(said: str) -> None:
    wanted: Optional[Dict[str, str]] = MENUS[said]
    assert menus.menu_of(said) == wanted


def test_the_last_menu_counts_where_it_is_shown_again() -> None:
    once = "1. Message\n2. Status\n3. Exit\n> "
    assert menus.menu_of(once + "\nhello ACK\n" + once)["leave"] == "3"


@pytest.mark.parametrize(
    "said, source, first",
    [
        ("", "if msg == 'exit': break", "exit"),
        ("", "sys.exit()\nif m == 'bye': break", "bye"),
        ("type 'quit' to leave", 'if (m.equals("quit")) break;', "quit"),
        ("Commands are EXIT, STATUS", 'case "EXIT": return;', "EXIT"),
        ("Commands: /status, /exit", 'if t == "/exit": break', "/exit"),
        ("", "", "exit"),
        ("", "print('Goodbye, client disconnected')", "exit"),
    ],
)
def test_the_word_for_leaving_is_the_programs_own(
    said: str, source: str, first: str
) -> None:
    assert words.leaving(said, source)[0] == first


@pytest.mark.parametrize(
    "source, word",
    [
        ("if m == 'list': pass", "list"),
        ('if (strcmp(b, "ls\\n") == 0)', "ls"),
        ('case "LIST": return', "LIST"),
        ('elif t == "/list":', "/list"),
        ("pass", "list"),
        ("print('listening')\nif m == 'ls': pass", "ls"),
        ("input('files to list the files, get NAME: ')\nm == 'files'", "files"),
        ("print('Commands: status, list or get NAME'); F = 'files'", "list"),
        ("help = \"type 'list' for them\"; folder = 'files'", "list"),
    ],
)
def test_the_word_for_the_list_is_the_programs_own(source: str, word: str) -> None:
    assert words.command(words.LIST, "", source) == word


@pytest.mark.parametrize(
    "source, first",
    [
        ('elif msg.startswith("get "):', ("get {}",)),
        ('if (line.startsWith("download "))', ("download {}",)),
        ("print('Type print <name> to see a file')", ("print {}",)),
        ('case "GET": return', ("GET {}",)),
        ("if m in os.listdir('repo'): send(m)", ("{}",)),
        ("send(b'File not found')", ("{}",)),
        ('if (s.rfind("get:", 0) == 0)', ("get:{}",)),
        ("print('Commands: status, get:<file>, exit')", ("get:{}",)),
        ("input('FILES, GET|filename: ')", ("GET|{}",)),
        ("print('download: NAME')", ("download: {}",)),
        ("m.startswith('fetch=')", ("fetch={}",)),
        ('strftime(b, 32, "%F %T", &x)', ("{}",)),
        ('printf("Clock: %f [s]", now)', ("{}",)),
    ],
)
def test_a_file_is_asked_for_as_the_source_has_it(
    source: str, first: List[str]
) -> None:
    assert words.requests(source)[0] == first


def test_the_bare_name_is_also_tried_right_behind_the_list() -> None:
    assert ("list", "{}") in words.requests("x = 'No such file'")
    assert ("dir", "{}") in words.requests("if m == 'dir': x = 'No such file'")


@pytest.mark.parametrize(
    "source, folder",
    [
        ("FOLDER = './server_files'", "server_files/"),
        ("os.listdir('stuff')", "stuff/"),
        ("p = os.path.join(BASE, 'docs')", "docs/"),
        ("Path('server') / 'things'; os.path.join('a', 'b')", "a/b/"),
        ('d = opendir("archive");', "archive/"),
        ("[server]\nport = 1\nfolder = shared\n", "shared/"),
        ('{"port": 1, "folder": "texts"}', "texts/"),
        ("STORE = 'store'\nnames = os.listdir(STORE)\n", "store/"),
        ('#define STUFF "stuff"\nDIR *d = opendir(STUFF);\n', "stuff/"),
        ('static final String PLACE = "texts";\nnew File(PLACE).list();', "texts/"),
        ("greeting = 'hello'", ""),
    ],
)
def test_files_are_put_where_the_source_looks_for_them(
    source: str, folder: str
) -> None:
    assert folder in words.folders(source)


def test_no_file_is_put_outside_of_the_programs_folder() -> None:
    source = "os.listdir('/etc'); os.listdir('../..'); open('~/files')"
    assert words.folders(source) == ("",)


def test_a_folder_beside_the_server_comes_first() -> None:
    source = 'os.listdir("shared")\n'
    assert words.folders(source, ["notes"]) == ("", "notes/", "shared/")
    many = ["a%d" % n for n in range(30)] + ["shared"]
    found = words.folders(source, many)
    assert found[1] == "shared/" and len(found) < 14
