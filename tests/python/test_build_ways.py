"""Do parts, other builders, and programs that start elsewhere work out?

As test_build.py; each hand-in here needs more than one compiler run on one
file, or a version that this machine may lack.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Dict, Union

import pytest

import handins as h
from grader import javas, languages, pythons, sandbox
from grader.build import BuiltSubmission, build
from grader.discover import RoleHints, find_programs
from test_build import C_CLIENT, C_SERVER, compiled, says, write

REASON = sandbox.trouble()
pytestmark = pytest.mark.skipif(
    bool(REASON), reason=f"no sandbox can be made on this machine: {REASON}"
)
needs_java = pytest.mark.skipif(
    not languages.installed("javac"), reason="javac is not installed"
)
needs_cmake = pytest.mark.skipif(
    not languages.installed("cmake"), reason="cmake is not installed"
)
Files = Dict[str, Union[str, bytes]]

NEEDS_FLAG = "#ifndef RIGHT\n#error not without RIGHT\n#endif\n"
CMAKE = """cmake_minimum_required(VERSION 3.5)
project(pa C)
add_definitions(-DRIGHT)
add_executable(the_server src/server.c)
add_executable(the_client src/client.c)
"""


def built(folder: Path, files: Files) -> BuiltSubmission:
    write(folder, files)
    return build(folder, find_programs(folder, RoleHints(labelled=False)))


def both(made: BuiltSubmission) -> "tuple[str, str]":
    assert made.failures == {} and made.unavailable == {}
    return says(made, "server"), says(made, "client")


# ---- C ------------------------------------------------------------------------


def test_a_part_in_another_folder_is_found_by_its_header(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server/main.c": '#include "../common/net.h"\n' + C_SERVER.replace(
            "return 0;", "return say();"),
        "client/main.c": '#include "net.h"\n' + C_CLIENT.replace(
            "return 0;", "return say();"),
        "common/net.c": '#include "deep.h"\nint say(void) { return deep(); }\n',
        "include/deep.h": "int deep(void);\n", "common/net.h": "int say(void);\n",
        "src/deep.c": "int deep(void) { return 0; }\n"})
    assert both(made) == ("SERVER", "CLIENT")


def test_two_parts_of_which_one_is_not_wanted(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server.c": '#include "util.h"\n' + C_SERVER.replace(
            "return 0;", "return util();"),
        "util.h": "int util(void);\n", "util.c": "int util(void) { return 0; }\n",
        "my_draft.c": "int util(void) { return 1; }\n", "client.c": C_CLIENT})
    assert both(made) == ("SERVER", "CLIENT")


def test_cpp_takes_parts_in_c(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server.cpp": "#include <string>\n" + C_SERVER.replace(
            "return 0;", "return part();").replace("int main", "int part();\nint main"),
        "part.c": "int part(void) { return 0; }\n", "client.cpp": C_CLIENT})
    assert both(made) == ("SERVER", "CLIENT")


@needs_cmake
def test_cmake_is_asked_where_the_compiler_alone_fails(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "CMakeLists.txt": CMAKE, "src/server.c": NEEDS_FLAG + C_SERVER,
        "src/client.c": NEEDS_FLAG + C_CLIENT})
    assert both(made) == ("SERVER", "CLIENT")
    assert any("cmake in . was run" in note for note in made.notes)


def test_a_script_of_its_own_is_asked_last(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "pa/build.sh": "#!/bin/bash\r\nmkdir -p out\r\n"
        "for p in server client; do cc -DRIGHT -o out/$p src/$p.c; done\r\n",
        "pa/src/server.c": NEEDS_FLAG + C_SERVER,
        "pa/src/client.c": NEEDS_FLAG + C_CLIENT})
    assert both(made) == ("SERVER", "CLIENT")


def test_a_script_that_fails_leaves_the_compilers_error(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "build.sh": "exit 3\n", "server.c": C_SERVER.replace("return 0;", "return 0"),
        "client.c": C_CLIENT})
    assert "server.c:3: expected" in made.failures["server"]
    assert says(made, "client") == "CLIENT"


def test_one_executable_of_a_script_is_not_taken_for_both(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "build.sh": "cc -DRIGHT -o it server.c\n", "server.c": NEEDS_FLAG + C_SERVER,
        "client.c": NEEDS_FLAG + C_CLIENT})
    assert says(made, "server") == "SERVER"
    assert "not without RIGHT" in made.failures["client"]


def test_what_was_handed_in_is_there_for_the_next_build(tmp_path: Path) -> None:
    ready = compiled(tmp_path, C_SERVER.replace("SERVER", "HANDED IN"), "x")
    files: Files = {"one/server.c": C_SERVER, "two/server": ready}
    write(tmp_path / "s", files)
    first = find_programs(tmp_path / "s", RoleHints())
    assert [one.source for one in first.programs] == ["one/server.c"]
    assert says(build(tmp_path / "s", first), "server") == "SERVER"
    assert (tmp_path / "s" / "two" / "server").read_bytes() == ready


def test_a_program_in_c_starts_where_its_file_lies(tmp_path: Path) -> None:
    text = h.C_SERVER.replace(
        'puts("SERVER");', 'FILE *f = fopen("conf.txt", "r"); char line[9];'
        " puts(f && fgets(line, 9, f) ? line : \"NO FILE\");")
    made = built(tmp_path, {"src/server.c": text, "conf.txt": "FOUND"})
    assert says(made, "server") == "FOUND"


# ---- Python -------------------------------------------------------------------


def test_packages_and_files_are_found_when_run(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "pa/__init__.py": "", "pa/words.py": "WORD = 'SERVER'\n",
        "pa/server.py": "from .words import WORD\nprint(WORD)\n"
        "if WORD == 'x':\n    import socket\n    s = socket.socket()\n"
        "    s.listen(1)\n    s.accept()\n",
        "src/client.py": "print(open('word.txt').read())\nimport socket\n"
        "if not __name__:\n    socket.socket().connect(('h', 1))\n",
        "word.txt": "CLIENT\n"})
    assert both(made) == ("SERVER", "CLIENT")


def test_one_program_is_told_its_role(tmp_path: Path) -> None:
    text = h.BY_ARGV.replace("def run_server():\n", "def run_server():\n"
                             "    print('SERVER')\n    return\n").replace(
        "def run_client():\n", "def run_client():\n    print('CLIENT')\n    return\n")
    assert both(built(tmp_path, {"pa3.py": text})) == ("SERVER", "CLIENT")


@pytest.mark.parametrize("coding", ["utf-16", "latin-1", "utf-8-sig"])
def test_how_a_source_was_saved_is_no_fault(tmp_path: Path, coding: str) -> None:
    text = "print('SERVER')  # caf\xe9\n" + h.PLAIN_SERVER.replace("while", "while 0 and")
    made = built(tmp_path, {"server.py": text.encode(coding).replace(b"\n", b"\n")})
    assert says(made, "server") == "SERVER"


def test_a_part_may_need_another_python(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server.py": "import words\n" + h.PLAIN_SERVER, "words.py": "print 'hello'\n"})
    if languages.installed("python2"):
        assert made.programs[0].argv[0] == "python2"
    else:
        assert made.unavailable["server"].startswith("words.py is written in Python 2")


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python reads it")
def test_python_3_12_is_named(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server.py": h.PLAIN_SERVER + 'print(f"{d["key"]}")\n',
        "client.py": h.PLAIN_CLIENT + 'print(f"{d["key"")\n'})
    said = made.unavailable.get("server", "")
    if not languages.installed("python3.12"):
        assert "server.py seems to need Python 3.12, and Python 3." in said
    assert [one.role for one in made.programs] == ["client"]  # a mistake


def test_a_library_of_others_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pythons.LIBRARIES, "no_such_colours", "python3-no-such")
    made = built(tmp_path, {
        "server.py": "import no_such_colours\n" + h.PLAIN_SERVER,
        "client.py": "import sockett\n" + h.PLAIN_CLIENT})
    assert "needs the library no_such_colours" in made.unavailable["server"]
    assert "apt-get install python3-no-such" in made.unavailable["server"]
    assert [one.role for one in made.programs] == ["client"]


def test_a_program_with_windows_is_nobodys_fault(tmp_path: Path) -> None:
    tried = "try:\n    import pygame\nexcept ImportError:\n    pygame = None\n"
    made = built(tmp_path, {
        "server.py": tried + h.PLAIN_SERVER,
        "client.py": "from tkinter import *\n" + h.PLAIN_CLIENT})
    assert "client.py needs a display (for tkinter)" in made.unavailable["client"]
    assert [one.role for one in made.programs] == ["server"]


# ---- Java ---------------------------------------------------------------------

PATTERNS = """public class Server {
  record P(int x, int y) {}
  public static void main(String[] a) throws Exception {
    Object o = new P(1, 2);
    if (o instanceof P(int x, int y)) { new java.net.ServerSocket(x).accept(); }
  }
}
"""


@needs_java
@pytest.mark.skipif(javas.installed_version() >= 21, reason="this Java reads it")
def test_a_later_java_is_named(tmp_path: Path) -> None:
    broken = h.JAVA_CLIENT % ("", "Client")
    made = built(tmp_path, {
        "Server.java": PATTERNS, "Client.java": broken.replace(";\n", "\n")})
    assert "Server.java needs Java 21, and Java 1" in made.unavailable["server"]
    assert "Client.java does not compile" in made.failures["client"]


@needs_java
def test_java_of_a_maven_project_and_a_switch(tmp_path: Path) -> None:
    place = "pa/src/main/java/edu/net/"
    made = built(tmp_path, {
        "pa/pom.xml": "<project/>",
        place + "Server.java": h.JAVA_SERVER % ("package edu.net;\n", "Server"),
        place + "Client.java": (b"\xef\xbb\xbf// caf\xe9\n" + (
            h.JAVA_CLIENT % ("package edu.net;\n", "Client")).encode()),
    })
    assert both(made) == ("SERVER", "CLIENT")
    assert made.programs[0].cwd == "pa/src/main/java"


@needs_java
def test_a_library_of_java_that_was_handed_in_is_found(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / "Word.java").write_text(
        "package words; public class Word { public static String w() {"
        ' return "SERVER"; } }\n')
    subprocess.run(["javac", "-d", ".", "Word.java"], cwd=tmp_path / "lib", check=True)
    subprocess.run(["jar", "cf", "words.jar", "words"], cwd=tmp_path / "lib", check=True)
    jar = (tmp_path / "lib" / "words.jar").read_bytes()
    text = (h.JAVA_SERVER % ("", "Server")).replace('"SERVER"', "words.Word.w()")
    made = built(tmp_path / "s", {"src/Server.java": text, "lib/words.jar": jar})
    assert made.failures == {} and says(made, "server") == "SERVER"


def test_versions_of_java_are_read() -> None:
    assert javas.needed("class A { }") == 8
    assert javas.needed("class A { void f() { var x = 1; } }") == 10
    assert javas.needed("// case null\nclass A { String s = \"record P(int x)\"; }") == 8
    assert javas.needed("Executors.newVirtualThreadPerTaskExecutor()") == 21
    assert javas.needed_by_class(b"\xca\xfe\xba\xbe\0\0\0\x41") == 21
    assert javas.needed_by_class(b"\x7fELF\0\0\0\x41") == 0
