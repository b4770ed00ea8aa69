"""Is it known which Python a source needs, and is a mistake still a mistake?"""

from __future__ import annotations

import sys

import pytest

from grader import pythons

OLDER_THAN_3_12 = pytest.mark.skipif(
    sys.version_info >= (3, 12), reason="this Python reads all of it"
)

#: Right from Python 3.12 on.
NEW_F_STRINGS = [
    'x = f"{d["a"]}"',
    'x = f"{f"{y["a"]}"} {{}} {z!r:>{w}} {q=}"',
    "x = f'{\"\\n\".join(a)}'",
    'x = f"{a:{b["w"]}}"',
    'x = f"{a != b}" + f"{c["d"]}"',
    't = f"""{\n x["""a"""]\n}"""',
    'print(f"{name}: {", ".join(xs)} received before")',
    'x = rf"{a["b"]}\\d"',
]
#: Wrong in every Python.
BROKEN = [
    'x = f"{d["a"}"', 'x = f"{x"', 'x = f"a{}"', 'f"{lambda x: 1}"',
    'print(f"It{"s {x}")', 'x = f"{x["b"]}"\ndef f(:\n', "def f(:\n    pass",
    'x = f"{d["a"] d["b"]}"', "print(", 'print("it\'s)',
]


@OLDER_THAN_3_12
@pytest.mark.parametrize("text", NEW_F_STRINGS)
def test_an_f_string_of_python_3_12_is_known(text: str) -> None:
    found = pythons.problem(text + "\n")
    assert found is not None and found.needs == "3.12"


@pytest.mark.parametrize("text", BROKEN)
def test_what_no_python_reads_is_a_mistake(text: str) -> None:
    found = pythons.problem("import socket\n" + text + "\n")
    assert found is not None
    assert (found.needs, found.python2) == ("", False)


@pytest.mark.parametrize("text,needs", [
    ("type Pair = tuple[str, str]", "3.12"),
    ("def first[T](xs: list[T]) -> T: return xs[0]", "3.12"),
    ("class Box[T]:\n    pass", "3.12"),
    ("try:\n    pass\nexcept OSError, ValueError:\n    pass", "3.14"),
    ('x = t"hello {name}"', "3.14")])
def test_a_later_python_is_named(text: str, needs: str) -> None:
    found = pythons.problem(text + "\n")
    if tuple(map(int, needs.split("."))) <= sys.version_info[:2]:
        assert found is None
    else:
        assert found is not None and found.needs == needs


@pytest.mark.parametrize("text", [
    'print "hello"', "x = raw_input('? ')", "print >>log, 1", "#!/usr/bin/python2\n",
    "raise ValueError, 'no'", "try:\n  pass\nexcept Exception, e:\n  pass"])
def test_python_2_is_known(text: str) -> None:
    found = pythons.problem(text + "\n")
    assert found is not None and found.python2


def test_a_source_for_both_is_no_problem() -> None:
    text = "try:\n    input = raw_input\nexcept NameError:\n    pass\n"
    assert pythons.problem(text) is None


def test_a_library_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pythons, "_installed", lambda module: module == "yaml")
    lacking = ("termcolor", "python3-termcolor")
    assert pythons.missing_library("import os\nfrom termcolor import x\n") == lacking
    assert pythons.missing_library("import termcolor.x as y, os\n") == lacking
    assert pythons.missing_library("import yaml, sockett\n") is None
    tried = "try:\n    import termcolor\nexcept ImportError:\n    termcolor = None\n"
    assert pythons.missing_library(tried) is None
    assert pythons.missing_library('"""\nimport termcolor\n"""\n') is None


def test_what_is_installed_is_looked_up() -> None:
    assert pythons._installed("json") and not pythons._installed("no_such_module")
