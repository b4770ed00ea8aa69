"""Which Python does a source need?

Python 2, a later Python 3 than this machine has, or a library that is not
installed: none of that is a mistake of the program. A plain syntax error is.
"""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
import warnings
from dataclasses import dataclass
from typing import Iterator, List, Optional, Tuple

from grader import languages, parts

#: Deep nesting in a very long file can exhaust the parser's stack.
MAX_PARSED_CHARS = 64 * 1024


@dataclass(frozen=True)
class PythonProblem:
    """Why a Python source is not Python 3 as it is installed here."""

    line: int
    message: str
    python2: bool = False
    needs: str = ""  # "3.12": the version that it seems to need


_PYTHON2 = re.compile(
    r"^[ \t]*print\s+[^\s(=.,:)]|^[ \t]*except\s+[\w.]+\s*,\s*\w+\s*:"
    r"|^[ \t]*raise\s+\w+\s*,|^[ \t]*exec\s+\"|^[ \t]*print\s*>>", re.MULTILINE,
)
#: Python 3 reads these, and fails when it comes to them.
_PYTHON2_CALL = re.compile(
    r"\braw_input\s*\(|\bxrange\s*\(|\bunichr\s*\(|^[ \t]*print\s*>>", re.M
)
#: A source that is written for both: it catches the difference or mends it.
_CARES_FOR_BOTH = re.compile(
    r"\bNameError\b|\b(?:raw_input|xrange|unichr)\s*=|\bimport\b.*\braw_input"
    r"|\bdef\s+(?:raw_input|xrange|unichr)\b|\bversion_info\b"
)
#: `except OSError, ValueError:` catches both from 3.14 on; in Python 2 the
#: second word was a variable.
_BOTH_CAUGHT = re.compile(r"^[ \t]*except\s+[A-Z]\w+\s*,\s*[A-Z]\w+", re.MULTILINE)
_NEWER = (
    (r"^[ \t]*except\s+[A-Z]\w+\s*,\s*[A-Z]\w+", "3.14"),
    (r"(?<![\w\"'])t\"\"", "3.14"),
    (r"^[ \t]*type\s+\w+\s*(?:\[.*\])?\s*=|^[ \t]*(?:async\s+)?(?:def|class)\s+\w+\[", "3.12"),
    (r"^[ \t]*except\s*\*", "3.11"),
    (r"^[ \t]*match\s+[^=\n]+:\s*$|^[ \t]*with\s*\(\s*$", "3.10"),
    (r":=|\bdef\s+\w+\([^)]*/", "3.8"),
)
#: Modules of the standard library that came late.
_LATE = {"tomllib": "3.11", "annotationlib": "3.14", "compression": "3.14"}
#: Libraries that hand-ins use for looks or comfort, and their packages.
LIBRARIES = {
    "colorama": "python3-colorama", "termcolor": "python3-termcolor",
    "rich": "python3-rich", "tqdm": "python3-tqdm", "click": "python3-click",
    "tabulate": "python3-tabulate", "numpy": "python3-numpy",
    "pandas": "python3-pandas", "psutil": "python3-psutil",
    "prompt_toolkit": "python3-prompt-toolkit", "dotenv": "python3-dotenv",
    "yaml": "python3-yaml", "pydantic": "python3-pydantic",
    "cryptography": "python3-cryptography", "requests": "python3-requests",
    "attr": "python3-attr", "trio": "python3-trio", "loguru": "python3-loguru",
    "six": "python3-six", "blessed": "python3-blessed", "typer": "python3-typer",
    "pytz": "python3-tz", "dateutil": "python3-dateutil",
    "pyfiglet": "python3-pyfiglet", "emoji": "python3-emoji",
}  # fmt: skip
_WINDOWS = frozenset(
    "tkinter Tkinter customtkinter PyQt5 PyQt6 PySide2 PySide6 pygame wx kivy".split()
)
_TRIES = re.compile(r"^[ \t]*try\b[^\n]*\n(?:[ \t][^\n]*\n)+?(?=[ \t]*except)", re.M)


def problem(text: str) -> Optional[PythonProblem]:
    """What keeps a source from running here; None where nothing is seen."""
    code = languages.strip_comments(text, languages.PYTHON, strings=False)
    old = re.match(r"#!.*python2", text) or _PYTHON2_CALL.search(code)
    if old and not _CARES_FOR_BOTH.search(code):
        line = code[: old.start()].count("\n") + 1
        return PythonProblem(line, "this is Python 2", python2=True)
    if len(text) > MAX_PARSED_CHARS:
        return None
    try:
        _parse(text)
    except SyntaxError as error:
        return _explain(error, text, code)
    except (ValueError, RecursionError, MemoryError) as error:
        return PythonProblem(1, f"cannot be parsed ({error})")
    return None


def _parse(text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ast.parse(text)


def _explain(error: SyntaxError, text: str, code: str) -> PythonProblem:
    line, said = error.lineno or 1, error.msg or "invalid syntax"
    two = [match.group() for match in _PYTHON2.finditer(code)]
    if two and not all(_BOTH_CAUGHT.match(one) for one in two):
        return PythonProblem(line, said, python2=True)
    for pattern, version in _NEWER:
        if re.search(pattern, code, re.MULTILINE) and _if_newer(version):
            return PythonProblem(line, said, needs=version)
    if _if_newer("3.12") and _right_as_3_12(text):
        return PythonProblem(line, said, needs="3.12")
    return PythonProblem(line, said)


def _if_newer(version: str) -> str:
    """The version, where the grader's own Python (PYTHON3) is older."""
    wanted = tuple(int(part) for part in version.split("."))
    return version if sys.version_info[:2] < wanted else ""


# ---- f-strings as Python 3.12 reads them -------------------------------------

_STARTS = re.compile(
    r"#[^\n]*|(?P<prefix>(?<!\w)(?:[rR]?[fF]|[fF][rR]|[bBuUrR]{0,2}))"
    r"(?P<quote>\"\"\"|'''|\"|')"
)


def _right_as_3_12(text: str) -> bool:
    """From 3.12 on a field of an f-string may hold any expression: its
    quotes, backslashes and comments. With every such field replaced by a
    name, what is left tells whether the rest is right; each field must be an
    expression of its own."""
    fields: List[str] = []
    try:
        plain = _without_fields(text, fields)
        _parse(plain)
        for one in fields:
            _parse("(" + _without_fields(one, []) + "\n)")
    except (SyntaxError, ValueError, IndexError, RecursionError):
        return False
    return plain != text


def _without_fields(text: str, fields: List[str]) -> str:
    out: List[str] = []
    at = 0
    while True:
        match = _STARTS.search(text, at)
        if match is None:
            return "".join((*out, text[at:]))
        out.append(text[at : match.end()])
        at = match.end()
        quote = match.group("quote")
        if quote is None:
            continue  # a comment
        is_f = "f" in match.group("prefix").lower()
        for piece, at in _string(text, at, quote, is_f, fields):
            out.append(piece)


def _string(
    text: str, at: int, quote: str, is_f: bool, fields: List[str]
) -> Iterator[Tuple[str, int]]:
    """The rest of a string, piece by piece, with the place behind each."""
    while True:
        if text.startswith(quote, at):
            yield quote, at + len(quote)
            return
        if is_f and text[at] == "{" and text[at + 1] != "{":
            at = _field(text, at + 1, fields)
            yield "{x}", at
            continue
        size = 2 if text[at] == "\\" or text[at : at + 2] in ("{{", "}}") else 1
        if text[at] == "\n" and len(quote) == 1:
            raise SyntaxError("a string without an end")
        yield text[at : at + size], at + size
        at += size


def _field(text: str, at: int, fields: List[str]) -> int:
    """The place behind a field's closing brace."""
    start, ends, depth = at, -1, 0
    while True:
        match = _STARTS.match(text, at)
        if match and match.group("quote"):
            is_f = "f" in match.group("prefix").lower()
            quote = match.group("quote")
            for _, at in _string(text, match.end(), quote, is_f, []):
                pass
            continue
        sign = text[at]
        if sign in "([{":
            depth += 1
        elif sign in ")]}" and depth:
            depth -= 1
        elif sign == "}":
            whole = text[start : at if ends < 0 else ends].rstrip().rstrip("=")
            if not whole.strip():
                raise SyntaxError("an empty field")
            fields.append(whole)
            return at + 1
        elif sign in ":!" and not depth and ends < 0 and text[at + 1] != "=":
            ends = at
        at += 1


# ---- libraries ---------------------------------------------------------------


def missing_library(text: str) -> Optional[Tuple[str, str]]:
    """A library that a source cannot do without and that this machine lacks,
    with the package that has it. What nobody knows may be a slip of the pen,
    and is left to fail."""
    code = languages.strip_comments(text, languages.PYTHON, strings=False)
    # What is tried has something in its place.
    code = _TRIES.sub("", code)
    for name in parts.python_imports(code)[1]:
        top = name.split(".")[0]
        if top in LIBRARIES and not _installed(top):
            return top, LIBRARIES[top]
    return None


def needs_display(text: str) -> str:
    """A module for windows that a source cannot do without, "" if none."""
    code = languages.strip_comments(text, languages.PYTHON, strings=False)
    for name in parts.python_imports(_TRIES.sub("", code))[1]:
        if name.split(".")[0] in _WINDOWS:
            return name
    return ""


def late_module(text: str) -> Optional[Tuple[str, str]]:
    """A module of the standard library that came after this Python."""
    code = languages.strip_comments(text, languages.PYTHON, strings=False)
    code = _TRIES.sub("", code)
    for name in parts.python_imports(code)[1]:
        version = _if_newer(_LATE.get(name.split(".")[0], "3.0"))
        if version:
            return name, version
    return None


def _installed(module: str) -> bool:
    """Also inside the sandbox, which has /usr alone?"""
    found = importlib.util.find_spec(module)
    if found is None:
        return False
    places = [found.origin or "", *(found.submodule_search_locations or [])]
    return any(place.startswith("/usr/") for place in places)
