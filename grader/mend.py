"""Which sources cannot be read by a compiler only for how they were saved?

UTF-16, Latin-1 without a word about it, a mark before the first letter, line
ends of another system: an editor or a mail program did that, not the student's
program. In the private copy such a file becomes UTF-8 with plain line ends.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import List, Optional, Tuple

from grader import languages, tree
from grader.archive import shown

_HEADERS = (".h", ".hpp", ".hh", ".hxx")
#: Files in which a carriage return becomes a part of a command.
_OF_A_SHELL = ("Makefile", "makefile", "GNUmakefile", "CMakeLists.txt")
_COOKIE = re.compile(rb"\A(?:[^\n]*\n)?[ \t\f]*#[^\n]*coding[:=][ \t]*[-\w.]")
_MARK = b"\xef\xbb\xbf"
_MOST = 500


def mend(folder: Path) -> Tuple[str, ...]:
    """Rewrite what needs it; a note for each file that was rewritten."""
    notes: List[str] = []
    for path in list(tree.files(folder))[:_MOST]:
        kind = _kind(path)
        file = folder / path
        try:
            if not kind or file.stat().st_size > languages.MAX_SOURCE_BYTES:
                continue
            data = file.read_bytes()
            better, why = _better(data, kind)
            if better is not None:
                file.write_bytes(better)
                notes.append(f"{shown(path)}: {why}; read as UTF-8")
        except OSError:
            continue  # what cannot be read is no source
    return tuple(notes)


def _kind(path: str) -> str:
    """What reads a file: a language, "shell", or "" for none of ours."""
    name = os.path.basename(path)
    if name in _OF_A_SHELL or name.endswith((".sh", ".mk")):
        return "shell"
    if name.endswith(_HEADERS):
        return "c"
    language = languages.recognise(name)
    return language.name if language is not None else ""


def _better(data: bytes, kind: str) -> Tuple[Optional[bytes], str]:
    """The file as it should have been saved, and what was wrong."""
    why = ""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data, why = data.decode("utf-16", "replace").encode(), "it is in UTF-16"
    elif kind in ("python", "java", "node") and not _is_utf8(data):
        if kind != "python" or not _COOKIE.match(data):
            data = data[3:] if data.startswith(_MARK) else data
            data, why = _western(data), "it is not in UTF-8"
    if data.startswith(_MARK) and kind != "python":
        data, why = data[3:], why or "a mark stands before its first letter"
    if b"\r" in data and (kind == "shell" or b"\n" not in data):
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        why = why or "its line ends are those of another system"
    return (data, why) if why else (None, "")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _western(data: bytes) -> bytes:
    """Windows' Western letters; where there is none, Latin-1's."""
    try:
        return data.decode("cp1252").encode()
    except UnicodeDecodeError:
        return data.decode("latin-1").encode()
