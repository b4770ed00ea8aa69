"""With which command, and from which folder, is a source started?

From its own folder, as students do; but a package is started from the folder
that holds it, and a program that reads a file of the hand-in is started where
it finds that file.
"""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath
from typing import AbstractSet, List, Optional, Sequence, Tuple

from grader import languages, parts
from grader.candidates import Roles
from grader.languages import Language
from grader.model import Program
from grader.sources import Source

#: Calls that open a file by a name that stands in the source. A file that is
#: only written may be missing.
_OPENS = re.compile(
    r"(?:\bf?open|\bFileReader|\bFile|\bFileInputStream|\bScanner|\bPaths?(?:\.get|\.of)?"
    r"|\breadFileSync|\breadFile|\bifstream|\bifstream\s+\w+|\.read)"
    r"\s*\(\s*[rbuf]{0,2}[\"']([\w./ -]{1,100})[\"']"
)
_MOST = 100
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*\Z")


def programs(
    chosen: Roles, files: AbstractSet[str]
) -> Tuple[Program, ...]:
    """All programs of a choice; `files` are all paths of the hand-in."""
    return tuple(
        program(role, one.source, one.why, files) for role, one in chosen
    )


def program(
    role: str, source: Source, why: str, files: AbstractSet[str]
) -> Program:
    """A program as it is started. One that can have both roles is told its
    own."""
    words = (source.entry or {}).get(role, ())
    path = source.path
    if source.language is None:
        own = str(path.parent)
        return Program(role, ("./" + path.name, *words), own, "", "", why)
    module = _as_module(source, files)
    if module is not None:
        cwd, name = module
        argv: Tuple[str, ...] = (languages.PYTHON3, "-m", name)
    else:
        cwd = _folder(source, files)
        argv = _argv(source.language, path, cwd)
    return Program(
        role, (*argv, *words), cwd, str(path), source.language.name, why
    )


def _argv(
    language: Language, path: PurePosixPath, cwd: str
) -> Tuple[str, ...]:
    place = os.path.relpath(str(path.parent), cwd)
    if language is languages.JAVA:
        return languages.java_argv(path.stem, place)
    if language in (languages.C, languages.CPP):
        name = os.path.normpath(os.path.join(place, path.stem))
        return (name if name.startswith("../") else "./" + name,)
    name = os.path.normpath(os.path.join(place, path.name))
    return languages.run_argv(language, name)


# ---- packages -----------------------------------------------------------------


def _as_module(
    source: Source, files: AbstractSet[str]
) -> Optional[Tuple[str, str]]:
    """The folder and the name for `python3 -m`, where a source needs that."""
    if source.language is not languages.PYTHON:
        return None
    dots, modules = parts.python_imports(source.code)
    above = [*source.path.parents]
    root = _package_root(source.path, dots, files) if dots else None
    if root is None:
        root = _import_root(above, modules, files)
    if root is None:
        return None
    names = list(source.path.relative_to(root).with_suffix("").parts)
    if names[-1] == "__main__":
        names.pop()
    if not names or not all(_IDENTIFIER.match(name) for name in names):
        return None
    return str(root), ".".join(names)


def _package_root(
    path: PurePosixPath, dots: int, files: AbstractSet[str]
) -> Optional[PurePosixPath]:
    """The folder above a package: as far up as its relative imports lead,
    and on while the folders say that they belong to it."""
    above = [*path.parents]
    at = min(dots, len(above) - 1)
    while at < len(above) - 1 and str(above[at] / "__init__.py") in files:
        at += 1
    return above[at] if at else None


def _import_root(
    above: Sequence[PurePosixPath],
    modules: Sequence[str],
    files: AbstractSet[str],
) -> Optional[PurePosixPath]:
    """The folder above in which all modules lie that are not beside."""
    for module in modules[:_MOST]:
        tail = module.replace(".", "/")
        if _holds(above[0], tail.split("/")[0], files):
            continue
        for root in above[1:]:
            if _holds(root, tail, files):
                return root
    return None


def _holds(root: PurePosixPath, name: str, files: AbstractSet[str]) -> bool:
    place = os.path.normpath(str(root / name))
    return place + ".py" in files or any(
        one.startswith(place + "/") and one.endswith(".py") for one in files
    )


# ---- files that a program reads ----------------------------------------------


def _folder(source: Source, files: AbstractSet[str]) -> str:
    """The folder from which a program finds the files that it opens."""
    own = str(source.path.parent)
    assert source.language is not None
    code = languages.strip_comments(source.text, source.language)
    wanted = [name for name in _OPENS.findall(code) if "/" in name or "." in name]
    for name in dict.fromkeys(wanted[:_MOST]):
        if os.path.normpath(os.path.join(own, name)) in files:
            continue  # it is found where programs are started
        place = _where(name, own, files)
        if place is not None:
            return place
    return own


def _where(name: str, own: str, files: AbstractSet[str]) -> Optional[str]:
    """The nearest folder from which a name leads to a file of the hand-in."""
    if name.startswith("/"):
        return None
    tail = os.path.normpath(name)
    while tail.startswith("../"):
        tail = tail[3:]
    ups = name.count("../")
    found: List[str] = []
    for path in files:
        if path == tail or path.endswith("/" + tail):
            place = path[: -len(tail)].rstrip("/") or "."
            found += [place] if not ups else []
    found.sort(key=lambda one: (_distance(own, one), one))
    return found[0] if found else None


def _distance(one: str, two: str) -> int:
    relative = os.path.relpath(two, one)
    return 0 if relative == "." else relative.count("/") + 1
