"""Is it known which files a source needs, and what it uses of them?"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Tuple

import pytest

import handins as h
from grader import languages, parts

PY = languages.PYTHON


@pytest.mark.parametrize("code,inert", [
    ("import a\ndef f():\n    g()\nclass C:\n    x = g()\nN = 5\n", True),
    ('""\nfrom a import (\n    b,\n)\nX: int = 3\n@d\ndef f(): pass\n', True),
    ("try:\n    import a\nexcept ImportError:\n    a = None\n", True),
    ("s = socket.socket()\nPORTS = (\n    1,\n)\n", True),
    ("def main(): pass\nmain()\n", False),
    ("def main(): pass\nresult = main()\n", False),
    ("def main(): pass\ntry:\n    main()\nexcept OSError:\n    pass\n", False),
    ("def main(): pass\nif __name__ == '':\n    main()\n", False),
    ("s.bind(a)\n", False), ("while True:\n    f()\n", False), ("print x\n", False),
    ("with a() as b:\n    b()\n", False), ("for x in y:\n    f()\n", False)])
def test_a_file_that_only_defines_is_inert(code: str, inert: bool) -> None:
    assert parts.is_inert(code) == inert


@pytest.mark.parametrize("code,wanted", [
    ("import util", "a/b/util"), ("from . import util", "a/b/util"),
    ("from .util import x", "a/b/util"), ("from ..c.util import x", "a/c/util"),
    ("from a.b import util", "a/b/util"), ("import os, a.c.util as u", "a/c/util"),
    ("from .. import (\n    x,\n    util,\n)", "a/util"), ("import top", "top")])
def test_an_import_leads_to_a_file(code: str, wanted: str) -> None:
    path = PurePosixPath("a/b/server.py")
    assert wanted in parts.names_used(code, code, path, PY)


@pytest.mark.parametrize("code,calls", [
    ("import netutil\ns = netutil.make_listener(1)\n", (True, False)),
    ("from netutil import make_connection\nmake_connection(1, 2)\n", (False, True)),
    ("import netutil\n", (False, False))])
def test_only_what_is_used_of_a_part_counts(
    code: str, calls: Tuple[bool, bool]
) -> None:
    used = parts.used_code(code, [(h.BOTH_WAYS, PY)])
    assert (".listen(" in used, ".connect(" in used) == calls


def test_what_is_used_through_a_function_counts_too() -> None:
    part = "def a():\n    b()\n\ndef b():\n    s.accept()\n\ndef c():\n    s.connect(x)\n"
    used = parts.used_code("from part import a\na()\n", [(part, PY)])
    assert "accept" in used and "connect" not in used


def test_what_stands_below_the_guard_of_a_part_does_not_count() -> None:
    part = "def a():\n    s.accept()\n\nif __name__ == '__main__':\n    a()\n"
    assert "accept" not in parts.used_code("import part\n", [(part, PY)])


def test_the_source_of_a_header_is_the_nearest() -> None:
    every = ["src/net.c", "old/net.c", "src/other.c"]
    assert parts.c_implementation("include/net.h", every) == "src/net.c"
    assert parts.c_implementation("src/net.h", every) == "src/net.c"
    assert parts.c_implementation("src/none.h", every) == ""
