"""Do the arrows between the parts point one way, and does nobody sleep?"""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Dict, Iterator, List, Set, Tuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
C = ROOT / "c_src"
GRADER = sorted((ROOT / "grader").glob("*.py"))
LABS = sorted(ROOT.glob("labs/*/*.py"))
TOPOLOGIES = sorted((ROOT / "topologies").glob("*.py"))
C_FILES = sorted(path for path in C.rglob("*") if path.suffix in (".c", ".h"))

TOP_LEVEL = {
    "Makefile", "README.md", "c_src", "topologies", "grader", "tests", "labs",
}  # fmt: skip
#: What each folder of C may include, besides itself.
MAY_USE: Dict[str, Set[str]] = {
    "core": set(),
    "net": {"core"},
    "observe": {"core"},
    "bin": {"core", "net", "observe"},
}
#: Headers without system calls, allocation, output or a clock. futex.h and
#: syscall.h only name numbers; stdio.h is there for snprintf.
PURE_HEADERS = {
    "ctype.h", "errno.h", "inttypes.h", "limits.h", "linux/futex.h",
    "stdarg.h", "stdbool.h", "stddef.h", "stdint.h", "stdio.h", "string.h",
    "strings.h", "sys/syscall.h",
}  # fmt: skip
IMPURE = re.compile(
    r"\b(malloc|calloc|realloc|free|strdup|asprintf|printf|fprintf|puts|fputs"
    r"|putchar|fopen|fwrite|perror|open|read|write|close|socket|time|clock"
    r"|clock_gettime|gettimeofday|getenv|setenv|exit|abort|syscall|kill)\s*\("
)
SLEEPS = re.compile(
    r"\b(sleep|usleep|nanosleep|clock_nanosleep|alarm|thrd_sleep)\s*\("
)
# poll(fds, n, 50), and the like with a constant that is neither 0 nor -1.
POLLS_FOR_A_TIME = re.compile(
    r"\b(?:poll|epoll_wait|epoll_pwait)\s*\([^;]*,\s*[1-9]\d*\s*\)"
)


def code_of(path: Path) -> str:
    """A C file without its comments and texts."""
    text = path.read_text(encoding="utf-8")
    return re.sub(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', " ", text, flags=re.DOTALL
    )


def includes(path: Path) -> Iterator[Tuple[str, str]]:
    """Pairs of `<` or `"` and the header's name."""
    text = path.read_text(encoding="utf-8")
    yield from re.findall(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', text, re.M)


def imports(path: Path) -> Set[str]:
    """Absolute names of what a Python file imports, wherever it does."""
    found: Set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            module = node.module or ""
            found.add(module)
            found |= {module + "." + alias.name for alias in node.names}
    return found


def packages(path: Path) -> Set[str]:
    return {name.split(".")[0] for name in imports(path)}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_there_is_something_to_look_at() -> None:
    assert len(C_FILES) > 20 and len(GRADER) > 30
    assert LABS and TOPOLOGIES


def test_the_top_level_holds_what_the_design_says_and_dotfiles() -> None:
    there = {p.name for p in ROOT.iterdir() if not p.name.startswith(".")}
    # What is built is no part of the sources, and git does not know it.
    assert there - {"build", "__pycache__"} <= TOP_LEVEL


# ---- C ---------------------------------------------------------------------


@pytest.mark.parametrize("path", C_FILES, ids=name)
def test_c_includes_only_what_its_folder_may_use(path: Path) -> None:
    folder = path.relative_to(C).parts[0]
    assert folder in MAY_USE, "an unknown folder"
    for quote, header in includes(path):
        if quote == '"':
            owner = header.split("/")[0]
            assert "/" in header, "%s: name the folder too" % header
            assert owner in MAY_USE[folder] | {folder}, header
            assert (C / header).is_file(), header
        elif folder == "core":
            assert header in PURE_HEADERS, header


@pytest.mark.parametrize("path", sorted((C / "core").glob("*.[ch]")), ids=name)
def test_core_neither_allocates_nor_calls_the_system(path: Path) -> None:
    assert not IMPURE.findall(code_of(path))


@pytest.mark.parametrize("path", sorted(C.glob("*/*.c")), ids=name)
def test_a_c_file_includes_its_own_header_first(path: Path) -> None:
    own = path.with_suffix(".h")
    if own.is_file():
        assert next(includes(path)) == ('"', str(own.relative_to(C)))


@pytest.mark.parametrize("path", sorted(C.glob("bin/*")), ids=name)
def test_a_program_is_one_file(path: Path) -> None:
    assert path.suffix == ".c"
    assert re.search(r"^main\(", path.read_text(encoding="utf-8"), re.M)


# ---- Python ----------------------------------------------------------------


@pytest.mark.parametrize("path", LABS, ids=name)
def test_a_lab_uses_the_public_api_only(path: Path) -> None:
    for module in imports(path):
        parts = module.split(".")
        if parts[0] == "grader":
            assert parts[:2] == ["grader", "api"], module
        else:
            assert parts[0] in _STANDARD, module


_STANDARD = {
    "__future__", "base64", "binascii", "collections", "dataclasses",
    "datetime", "enum", "functools", "itertools", "json", "math", "pickletools", "re", "string",
    "struct", "textwrap", "typing", "unicodedata",
}  # fmt: skip


def test_only_one_module_knows_mininet() -> None:
    knows = {
        name(path) for path in GRADER + LABS if "mininet" in packages(path)
    }
    assert knows == {"grader/network.py"}


@pytest.mark.parametrize("path", GRADER + LABS + TOPOLOGIES, ids=name)
def test_nothing_depends_on_the_tests_or_the_labs(path: Path) -> None:
    assert not packages(path) & {"tests", "labs", "pytest"}


@pytest.mark.parametrize("path", TOPOLOGIES, ids=name)
def test_a_topology_knows_mininet_alone(path: Path) -> None:
    """`mn --custom` loads it where there is no grader."""
    assert packages(path) <= {"__future__", "mininet", "typing"}


@pytest.mark.parametrize("path", GRADER, ids=name)
def test_the_grader_uses_no_threads_and_no_asyncio(path: Path) -> None:
    assert not packages(path) & {
        "threading", "asyncio", "concurrent", "multiprocessing",
    }  # fmt: skip


def starts(path: Path, program: str) -> bool:
    """Whether the file starts a process with this word in the command."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = ast.dump(node.func)
        if re.search(r"'(subprocess|posix_spawn|exec\w+|Popen|system)'", called):
            words = ast.dump(ast.Module(body=[ast.Expr(a) for a in node.args],
                                        type_ignores=[]))  # fmt: skip
            if program in words:
                return True
    return False


def test_only_one_module_starts_labrun() -> None:
    assert {name(p) for p in GRADER if starts(p, "labrun")} == {
        "grader/instrument.py"
    }


def texts(path: Path) -> Set[str]:
    """The texts in the code, without docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    skipped = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in skipped
    }


def test_only_one_module_knows_bubblewrap() -> None:
    """doctor looks whether it is there, and does not run it."""
    knows = {name(path) for path in GRADER + LABS if "bwrap" in texts(path)}
    assert knows == {"grader/sandbox.py", "grader/doctor.py"}
    assert "subprocess" not in packages(ROOT / "grader" / "doctor.py")


def test_only_one_module_writes_labrun_s_commands() -> None:
    knows = {name(p) for p in GRADER + LABS if "do" in _keys(p)}
    assert knows == {"grader/instrument.py"}


def _keys(path: Path) -> Set[str]:
    """The keys of all dictionaries that are written out."""
    return {
        str(key.value)
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant)
    }


@pytest.mark.parametrize("path", GRADER, ids=name)
def test_a_module_begins_with_the_question_that_it_answers(path: Path) -> None:
    if path.name.startswith("__"):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstring = ast.get_docstring(tree) or ""
    assert "?" in docstring.split("\n\n")[0], docstring


def test_the_map_of_the_grader_has_every_module_once() -> None:
    told = (ROOT / "grader" / "README.md").read_text(encoding="utf-8")
    rows = [line for line in told.splitlines() if line.startswith("| ")]
    listed = [one for row in rows for one in re.findall(r"`(\w+)`", row)]
    assert sorted(listed) == sorted(p.stem for p in GRADER if p.stem != "__init__")


# ---- no sleeping -----------------------------------------------------------


@pytest.mark.parametrize("path", C_FILES, ids=name)
def test_no_c_program_sleeps(path: Path) -> None:
    code = code_of(path)
    assert not SLEEPS.findall(code)
    assert not POLLS_FOR_A_TIME.findall(code)


def waits_for_a_time(path: Path) -> List[str]:
    """Calls that sleep, or wait for a constant time."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        word = called.attr if isinstance(called, ast.Attribute) else ""
        word = called.id if isinstance(called, ast.Name) else word
        if word in ("sleep", "usleep", "setitimer", "alarm"):
            found.append("line %d: %s" % (node.lineno, word))
        if word not in ("select", "poll", "wait", "join", "settimeout"):
            continue
        given = list(node.args) + [k.value for k in node.keywords]
        for value in given[-1:]:
            if isinstance(value, ast.Constant) and value.value:
                if isinstance(value.value, (int, float)):
                    found.append("line %d: %s(%r)" % (
                        node.lineno, word, value.value))  # fmt: skip
    return found


@pytest.mark.parametrize("path", GRADER + LABS + TOPOLOGIES, ids=name)
def test_no_python_module_sleeps(path: Path) -> None:
    assert waits_for_a_time(path) == []


def test_the_one_program_called_sleep_holds_a_namespace_for_ever() -> None:
    """It ends with its arena; nobody waits for it."""
    knows = {name(p) for p in GRADER + LABS if "/bin/sleep" in texts(p)}
    assert knows <= {"grader/netspace.py"}
    for path in knows:
        assert "infinity" in texts(ROOT / path)


@pytest.mark.parametrize(
    "code, caught",
    [
        ("import time\ntime.sleep(0.1)\n", True),
        ("from time import sleep\nsleep(x)\n", True),
        ("selector.select(0.5)\n", True),
        ("select.select([], [], [], 0.01)\n", True),
        ("process.wait(timeout=3)\n", True),
        ("poll.poll(0)\n", False),
        ("poll.poll()\n", False),
        ("selector.select(left)\n", False),
        ("', '.join(names)\n", False),
    ],
)
def test_a_sleep_would_be_found(tmp_path: Path, code: str, caught: bool) -> None:
    path = tmp_path / "module.py"
    path.write_text(code)
    assert bool(waits_for_a_time(path)) == caught


@pytest.mark.parametrize(
    "code, caught",
    [
        ("usleep(10);", True),
        ("  nanosleep (&t, NULL);", True),
        ("poll(fds, n, 50);", True),
        ("poll(fds, n, -1);", False),
        ("poll(fds, n, timeout_ms);", False),
        ("/* sleep(1) */", False),
        ('name("sleep(1)");', False),
    ],
)
def test_a_sleep_in_c_would_be_found(
    tmp_path: Path, code: str, caught: bool
) -> None:
    path = tmp_path / "file.c"
    path.write_text(code)
    code = code_of(path)
    assert bool(SLEEPS.findall(code) + POLLS_FOR_A_TIME.findall(code)) == caught
