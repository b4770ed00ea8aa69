"""Has somebody saved something below this path?

The kernel's inotify says when to look, and a look compares names, sizes and
times. So an editor that writes twice, makes temporary files or renames over
the old file is one save, and nothing is missed on a file system that tells
inotify nothing (folders that a virtual machine shares): there, a look now and
then finds it.
"""

from __future__ import annotations

import ctypes
import os
import select
import time
from pathlib import Path
from types import TracebackType
from typing import Dict, Iterator, Optional, Tuple, Type

from grader.archive import LEFT_OUT

#: Seconds without news after which a save is over.
QUIET_S = 0.03
#: Seconds after which an editor that writes on and on is not waited for.
MOST_S = 1.0
#: Seconds between two looks where no news comes.
LOOK_S = 1.0

_MODIFY, _ATTRIB, _CLOSE_WRITE = 0x2, 0x4, 0x8
_MOVED, _CREATE, _DELETE = 0xC0, 0x100, 0x200
_SELF = 0x400 | 0x800  # the folder itself was deleted, or moved
_MASK = _MODIFY | _ATTRIB | _CLOSE_WRITE | _MOVED | _CREATE | _DELETE | _SELF
#: More folders than this are no submission.
_MOST_FOLDERS = 2000

#: What a look finds: a path, and what changes when it is saved.
Look = Dict[str, Tuple[int, int, int]]


class Changes:
    """Watches a file or a folder; use it in a `with`.

    `wait` returns when there is something new since the last `look`.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._last: Look = {}
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._fd = -1

    def __enter__(self) -> "Changes":
        # Without inotify (a limit of this user's is reached) we only look.
        self._fd = int(self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC))
        self.look()
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def look(self) -> bool:
        """Take in what is there now; whether it is new."""
        self._follow()
        seen = dict(_look(self._path))
        new, self._last = seen != self._last, seen
        return new

    def wait(self) -> None:
        """Wait for the next save, until it is over."""
        while True:
            self._news(LOOK_S)
            until = time.monotonic() + MOST_S
            while self._news(QUIET_S) and time.monotonic() < until:
                pass
            if self.look():
                return

    def _news(self, wait_s: float) -> bool:
        """Whether inotify has something to tell within this time."""
        watched = [self._fd] if self._fd >= 0 else []
        ready = select.select(watched, [], [], wait_s)[0]
        if ready:
            try:
                os.read(self._fd, 1 << 16)  # what it says does not matter
            except BlockingIOError:
                return False
        return bool(ready)

    def _follow(self) -> None:
        """Hear of every folder; one that is known already stays so."""
        if self._fd < 0:
            return
        top = self._path if self._path.is_dir() else self._path.parent
        folders = [str(top)]
        if top is self._path:
            folders += _folders(top)
        for folder in folders[:_MOST_FOLDERS]:
            self._libc.inotify_add_watch(
                self._fd, os.fsencode(folder), ctypes.c_uint32(_MASK)
            )


def _folders(top: Path) -> Iterator[str]:
    for folder, inner, _files in os.walk(str(top)):
        inner[:] = [name for name in inner if not _passing(name)]
        yield from (os.path.join(folder, name) for name in inner)


def _look(path: Path) -> Iterator[Tuple[str, Tuple[int, int, int]]]:
    if not path.is_dir():
        yield from _entry(str(path))
        return
    for folder, inner, files in os.walk(str(path)):
        inner[:] = [name for name in inner if not _passing(name)]
        for name in files:
            if not _passing(name):
                yield from _entry(os.path.join(folder, name))


def _entry(path: str) -> Iterator[Tuple[str, Tuple[int, int, int]]]:
    try:
        found = os.stat(path)
    except OSError:
        return  # it has just gone
    yield path, (found.st_mtime_ns, found.st_size, found.st_ino)


def _passing(name: str) -> bool:
    """Whether this is an editor's, or what running the programs leaves."""
    return (
        name in LEFT_OUT
        or name.startswith((".", "#"))
        or name.endswith(("~", ".swp", ".tmp", ".pyc"))
        or name == "4913"  # vim tries with this whether it may write
    )
