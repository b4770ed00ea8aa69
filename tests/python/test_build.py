"""Do submissions become programs that run, and failures become reasons?

What was built is run once, in the sandbox, to see that it is what it should
be: each program prints a word of its own.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Dict, Union

import pytest

from grader import languages, sandbox
from grader.build import BuiltSubmission, build
from grader.discover import Discovery, RoleHints, find_programs
from grader.model import Program

REASON = sandbox.trouble()
pytestmark = pytest.mark.skipif(
    bool(REASON), reason=f"no sandbox can be made on this machine: {REASON}"
)
needs_java = pytest.mark.skipif(
    not languages.installed("javac"), reason="javac is not installed"
)

C_TEXT = """#include <stdio.h>
#include <sys/socket.h>
int main(void) { puts("%s"); if (0) { %s } return 0; }
"""
C_SERVER = C_TEXT % ("SERVER", "bind(3, 0, 0); listen(3, 2); accept(3, 0, 0);")
C_CLIENT = C_TEXT % ("CLIENT", "connect(3, 0, 0);")
BROKEN_C = C_SERVER.replace("return 0;", "return 0")
JAVA_TEXT = """%spublic class %s {
  public static void main(String[] a) throws Exception {
    System.out.println("%s"); if (a.length > 9) { %s } } }
"""
JAVA_SERVER = JAVA_TEXT % ("", "Server", "SERVER", "new java.net.ServerSocket(1);")
JAVA_CLIENT = JAVA_TEXT % ("", "Client", "CLIENT", "new java.net.Socket(\"h\", 1);")
PY_SERVER = "import socket\ns = socket.socket()\ns.listen(2)\ns.accept()\n"
PY_CLIENT = "import socket\ns = socket.socket()\ns.connect(('h', 1))\n"
MAKEFILE = """all: {0} {1}
{0}: server.c
\tcc -o $@ $<
{1}: client.c
\tcc -o $@ $<
"""


def write(folder: Path, files: Dict[str, Union[str, bytes]]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def built(
    folder: Path, files: Dict[str, Union[str, bytes]], **commands: str
) -> BuiltSubmission:
    write(folder, files)
    return build(folder, find_programs(folder, RoleHints(), **commands))


def says(submission: BuiltSubmission, role: str) -> str:
    """Run a program as it would be run, and read its first line."""
    program = next(one for one in submission.programs if one.role == role)
    result = sandbox.run_build(
        program.argv, submission.folder, {}, 60, cwd=program.cwd
    )
    return result.output.split("\n")[0]


def compiled(tmp_path: Path, text: str, name: str) -> bytes:
    (tmp_path / "made.c").write_text(text)
    argv = ["cc", "-w", "-o", str(tmp_path / name), str(tmp_path / "made.c")]
    subprocess.run(argv, check=True)
    return (tmp_path / name).read_bytes()


def test_c_is_compiled_without_a_makefile(tmp_path: Path) -> None:
    made = built(tmp_path, {"my pa3/server.c": C_SERVER, "my pa3/client.c": C_CLIENT})
    assert (says(made, "server"), says(made, "client")) == ("SERVER", "CLIENT")
    assert made.failures == {}
    assert [one.argv for one in made.programs] == [("./server",), ("./client",)]


def test_parts_and_headers_are_found(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "src/server.c": '#include "say.h"\nint main(void) { return say(); }\n',
        "src/say.c": C_SERVER.replace("main", "say"),
        "include/say.h": "int say(void);\n",
        "src/client.c": C_CLIENT.replace("return 0", "int say(void); return say()"),
    })
    assert says(made, "server") == "SERVER" and says(made, "client") == "CLIENT"


def test_a_broken_part_that_nobody_needs_costs_nothing(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "server.c": C_SERVER, "client.c": C_CLIENT, "draft.c": "int x(\n"})
    assert says(made, "server") == "SERVER" and made.failures == {}


@pytest.mark.parametrize(
    "server,client", [("server", "client"), ("run_srv", "bin/it"), ("a.out", "b.out")])
def test_a_makefile_may_choose_the_names(
    tmp_path: Path, server: str, client: str
) -> None:
    made = built(tmp_path, {
        "Makefile": MAKEFILE.format(server, client), "bin/.keep": "",
        "server.c": C_SERVER, "client.c": C_CLIENT})
    assert says(made, "server") == "SERVER" and says(made, "client") == "CLIENT"
    assert made.notes == ()
    names = [os.path.normpath(os.path.join(one.cwd, one.argv[0]))
             for one in made.programs]
    assert names == [server, client]


def test_a_broken_makefile_is_no_loss(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "Makefile": "all:\n\tfalse\n", "server.c": C_SERVER, "client.c": C_CLIENT})
    assert says(made, "server") == "SERVER" and made.failures == {}
    assert any("make in . failed" in note for note in made.notes)


def test_a_makefile_that_waits_is_stopped(tmp_path: Path) -> None:
    write(tmp_path, {
        "Makefile": "run: server\n\t./server; sleep 600\nserver: server.c\n"
        "\tcc -o $@ $<\n", "server.c": C_SERVER})
    found = find_programs(tmp_path, RoleHints())
    made = build(tmp_path, found, deadline_s=3.0)
    assert says(made, "server") == "SERVER"
    assert any("took too long" in note for note in made.notes)


def test_a_compilers_error_is_kept_for_its_role(tmp_path: Path) -> None:
    made = built(tmp_path, {"p/server.c": BROKEN_C, "p/client.c": C_CLIENT})
    assert [one.role for one in made.programs] == ["client"]
    assert list(made.failures) == ["server"]
    assert "p/server.c:3: expected" in made.failures["server"]


def test_a_linkers_error_is_kept_too(tmp_path: Path) -> None:
    made = built(tmp_path, {"server.c": C_SERVER.replace("puts", "no_such")})
    assert "no_such" in made.failures["server"]


def test_what_was_handed_in_runs_where_sources_do_not_build(tmp_path: Path) -> None:
    ready = compiled(tmp_path, C_SERVER.replace("SERVER", "HANDED IN"), "x")
    made = built(tmp_path / "s", {
        "server.c": BROKEN_C, "server": ready, "client.c": C_CLIENT})
    assert says(made, "server") == "HANDED IN" and made.failures == {}
    assert any("handed in, is run instead" in note for note in made.notes)


@pytest.mark.parametrize("with_make", [False, True])
def test_sources_are_built_anew(tmp_path: Path, with_make: bool) -> None:
    old = compiled(tmp_path, C_SERVER.replace("SERVER", "HANDED IN"), "x")
    files: Dict[str, Union[str, bytes]] = {"server.c": C_SERVER, "server": old}
    if with_make:
        files["Makefile"] = "server: server.c\n\tcc -o $@ $<\n"
    write(tmp_path / "s", files)
    os.utime(tmp_path / "s" / "server.c", (1, 1))
    made = build(tmp_path / "s", find_programs(tmp_path / "s", RoleHints()))
    assert says(made, "server") == "SERVER"


def test_an_executable_alone_is_a_program(tmp_path: Path) -> None:
    ready = compiled(tmp_path, C_SERVER, "x")
    made = built(tmp_path / "s", {"out/my_server": ready, "client.c": C_CLIENT})
    assert says(made, "server") == "SERVER" and says(made, "client") == "CLIENT"


def test_another_machines_executable_is_refused(tmp_path: Path) -> None:
    ready = bytearray(compiled(tmp_path, C_SERVER, "x"))
    ready[18] ^= 0x55
    made = built(tmp_path / "s", {"server": bytes(ready)})
    assert made.programs == ()
    assert "another kind of machine" in made.failures["server"]


def test_a_folder_with_the_programs_name_is_no_trouble(tmp_path: Path) -> None:
    made = built(tmp_path, {"server.c": C_SERVER, "server/readme": "x"})
    assert says(made, "server") == "SERVER"


def test_a_build_cannot_leave_links_to_the_outside(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "Makefile": "server: server.c\n\tcc -o $@ $<\n\tln -s /etc/passwd secret\n"
        "\tmkfifo pipe\n\tln -sf server good\n", "server.c": C_SERVER})
    assert says(made, "server") == "SERVER"
    assert not os.path.lexists(tmp_path / "secret")
    assert not os.path.lexists(tmp_path / "pipe") and (tmp_path / "good").exists()
    assert sum("removed after the build" in note for note in made.notes) == 2


def test_a_build_cannot_leave_a_trap(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "Makefile": "server: server.c\n\tcc -o $@ $<\n\tmkdir shut; touch shut/x;"
        " chmod 0 shut server.c\n\tfor i in $$(seq 1500); do mkdir d && cd d ||"
        " exit 1; done\n", "server.c": C_SERVER}, )
    assert says(made, "server") == "SERVER"
    assert (tmp_path / "shut").stat().st_uid == os.geteuid()
    assert os.access(tmp_path / "shut" / "x", os.R_OK)
    assert (tmp_path / "server.c").stat().st_mode & 0o600 == 0o600
    assert max(len(path.parts) for path in tmp_path.rglob("*")) < 60


def test_the_submissions_own_build_command_is_run(tmp_path: Path) -> None:
    made = built(tmp_path, {
        "mngrade.yaml": "server: ./go 1\nbuild: sh make.sh\n",
        "make.sh": "cc -o go prog.c\n", "prog.c": C_SERVER.replace("SERVER", "OWN")})
    assert says(made, "server") == "OWN" and made.failures == {}
    assert made.programs[0].argv == ("./go", "1")


def test_a_command_for_nothing_says_so(tmp_path: Path) -> None:
    made = built(tmp_path, {"a.py": "1"}, override_server="./none",
                 override_client="no_such_tool x")
    assert "not in the submission" in made.failures["server"]
    assert "no_such_tool, which is not installed" in made.unavailable["client"]


# ---- Java ---------------------------------------------------------------------


@needs_java
def test_java_is_compiled_and_run(tmp_path: Path) -> None:
    made = built(tmp_path, {"Server.java": JAVA_SERVER, "Client.java": JAVA_CLIENT})
    assert says(made, "server") == "SERVER" and says(made, "client") == "CLIENT"
    assert made.failures == {}


@needs_java
def test_java_packages_and_other_names_are_understood(tmp_path: Path) -> None:
    packaged = JAVA_TEXT % ("package a.b;\n", "Server", "SERVER",
                            "new java.net.ServerSocket(1);")
    made = built(tmp_path, {
        "src/a/b/Server.java": packaged, "src/Client-1.java": JAVA_CLIENT})
    assert says(made, "server") == "SERVER" and says(made, "client") == "CLIENT"
    assert [one.cwd for one in made.programs] == ["src", "src"]


@needs_java
def test_one_java_programs_mistake_stays_its_own(tmp_path: Path) -> None:
    broken = JAVA_SERVER.replace("SERVER\")", "SERVER\"")
    helper = JAVA_CLIENT.replace("if (", "new Helper(); if (")
    made = built(tmp_path, {
        "Server.java": broken, "Client.java": helper, "More.java": "class Helper {}"})
    assert "Server.java:3:" in made.failures["server"]
    # Its part stands in a file of another name, beside the broken program.
    assert says(made, "client") == "CLIENT"


@needs_java
def test_java_parts_in_files_of_other_names_are_found(tmp_path: Path) -> None:
    helper = JAVA_SERVER.replace("if (", "new Helper(); if (")
    made = built(tmp_path, {"Server.java": helper, "More.java": "class Helper {}"})
    assert says(made, "server") == "SERVER"


# ---- Python and Node ------------------------------------------------------------


def test_python_needs_no_build(tmp_path: Path) -> None:
    made = built(tmp_path, {"server.py": PY_SERVER, "client.py": PY_CLIENT})
    assert [one.argv[1] for one in made.programs] == ["server.py", "client.py"]
    assert (made.notes, made.failures) == ((), {})


def test_a_syntax_error_is_noted_and_the_program_kept(tmp_path: Path) -> None:
    made = built(tmp_path, {"server.py": PY_SERVER + "def f(:\n    pass\n"})
    assert [one.role for one in made.programs] == ["server"]
    assert made.notes[0].startswith("server.py:5: ")


@pytest.mark.parametrize("line", [
    'print "hello"', "x = raw_input('? ')", "try:\n  pass\nexcept Exception, e:\n  pass"])
def test_python_2_is_recognised(tmp_path: Path, line: str) -> None:
    made = built(tmp_path, {"server.py": PY_SERVER + line + "\n"})
    if languages.installed("python2"):
        assert made.programs[0].argv[0] == "python2"
    else:
        assert "Python 2, which is not installed" in made.unavailable["server"]


def test_a_source_for_both_pythons_is_python_3(tmp_path: Path) -> None:
    text = "try:\n    input = raw_input\nexcept NameError:\n    pass\n"
    made = built(tmp_path, {"server.py": PY_SERVER + text})
    assert made.programs[0].argv[0] == languages.PYTHON3


def test_what_nobody_installed_is_named(tmp_path: Path) -> None:
    program = Program("client", ("no-node", "c.js"), ".", "c.js", "node")
    made = build(write(tmp_path, {"c.js": "1"}), Discovery((program,)))
    assert made.unavailable["client"].startswith("c.js needs no-node, which is not")


def test_strings_and_comments_are_told_apart() -> None:
    code = 'a = "# no" # yes\n"""\nlong # no\n"""\nb = \'\\\'# no\' #yes\n'
    kept = languages.strip_comments(code, languages.PYTHON)
    assert kept.count("# no") == 3 and "yes" not in kept
    bare = languages.strip_comments(code, languages.PYTHON, strings=False)
    assert "no" not in bare and bare.count("\n") == code.count("\n")
    text = 'x = "// no"; // yes\n/* yes\n */ y = \'"\'; // yes "\n'
    assert "yes" not in languages.strip_comments(text, languages.C)
    assert '"// no"' in languages.strip_comments(text, languages.C)
