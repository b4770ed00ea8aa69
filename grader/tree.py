"""What lies below a folder, however deep and odd it is?

A submission, and even more what its build leaves behind, may hold folders
that are thousands deep or closed to their owner. So nothing here recurses,
no link is followed, and what cannot be read is passed over.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from typing import Callable, Iterator, List, Optional, Tuple

#: No person makes folders this deep; deeper ones are taken for an attack.
MAX_DEPTH = 32

_OnError = Callable[[OSError], None]


def entries(
    top: Path,
    enter: Optional[Callable[[str], bool]] = None,
    on_error: Optional[_OnError] = None,
) -> Iterator[Tuple[str, "os.DirEntry[str]"]]:
    """Everything below `top`, with paths relative to it, sorted by folder.

    A folder for which `enter` answers False is named but not entered.
    """
    todo: List[str] = [""]
    while todo:
        place = todo.pop()
        inner: List[str] = []
        for entry in _listed(os.path.join(top, place), on_error):
            path = os.path.join(place, entry.name)
            yield path, entry
            if entry.is_dir(follow_symlinks=False):
                if enter is None or enter(path):
                    inner.append(path)
        todo += reversed(inner)


def _listed(
    place: str, on_error: Optional[_OnError]
) -> List["os.DirEntry[str]"]:
    try:
        with os.scandir(place) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        if on_error is not None:
            on_error(error)
        return []


def files(top: Path) -> Iterator[str]:
    """Plain files below `top`, as paths relative to it."""
    for path, entry in entries(top):
        if entry.is_file(follow_symlinks=False):
            yield path


def digest(top: Path) -> str:
    """What tells a folder's files, by names and contents, from any others."""
    total = hashlib.sha256()
    for path in files(top):
        with open(os.path.join(top, path), "rb") as file:
            own = hashlib.sha256()
            for block in iter(lambda: file.read(1 << 20), b""):
                own.update(block)
        total.update(own.digest() + os.fsencode(path) + b"\0")
    return total.hexdigest()


def depth(path: str) -> int:
    """How many names a relative path has."""
    return path.count("/") + 1


def give(top: Path, uid: int, gid: int) -> None:
    """Let a folder, and all that is in it, belong to somebody else."""
    os.lchown(top, uid, gid)
    for path, _ in entries(top):
        try:
            os.lchown(os.path.join(top, path), uid, gid)
        except OSError:
            continue  # too deep for a path: nobody can use it either


def open_up(top: Path) -> None:
    """Let the owner enter every folder and read every file."""
    os.chmod(top, os.lstat(top).st_mode | 0o700)
    for path, entry in entries(top, lambda path: _openable(top, path)):
        if entry.is_file(follow_symlinks=False):
            mode = entry.stat(follow_symlinks=False).st_mode
            os.chmod(os.path.join(top, path), (mode & 0o777) | 0o600)


def _openable(top: Path, path: str) -> bool:
    place = os.path.join(top, path)
    try:
        os.chmod(place, (os.lstat(place).st_mode & 0o777) | 0o700)
    except OSError:
        return False
    return True


def remove(place: Path) -> None:
    """Remove a folder that may be deeper than Python's recursion."""
    subprocess.run(["rm", "-rf", "--", str(place)], check=False)
