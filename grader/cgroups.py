"""Can the kernel itself bound what a program uses, and where?

Version 2 where the folders above us let us make a group (root; a user whose
terminal runs below systemd's user manager, or who has a scope of his own),
version 1 where its hierarchies may be written to, else none: then each
process has its own limits and labrun watches, and a report says so.

Nothing is left behind: the groups are removed at the end, by the workspace's
janitor where the grader was killed, and by the next grader where the machine
ended.
"""

from __future__ import annotations

import fcntl
import functools
import os
import secrets
import select
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Tuple, Type

from grader.bounds import SPARE_PROCESSES, Bounds

_PREFIX = "mngrade.run-"
_MIB = 1 << 20
#: The janitor finds here, in the workspace, which groups to remove.
LIST = "cgroups"
#: How long the kernel may take to end processes that were killed.
_EMPTY_S = 10.0
_AGAIN_S = 0.005


@dataclass(frozen=True)
class Place:
    """Where groups can be made: no folder at all, one, or two."""

    version: int  # 0: none can be had
    folders: Tuple[Path, ...] = ()

    @property
    def words(self) -> str:
        if self.version:
            return "cgroup v%d" % self.version
        return "no cgroup; each process is limited, and labrun watches"


@functools.lru_cache(maxsize=None)
def find(proc: Path = Path("/proc/self")) -> Place:
    """Where we may make groups on this machine; it is tried."""
    try:
        mounts = _mounts((proc / "mountinfo").read_text())
        own = _own((proc / "cgroup").read_text())
    except OSError:
        return Place(0)
    two = _version_2(mounts, own)
    if two is not None and _works((two,)):
        return Place(2, (two,))
    ones = [_inside(mounts, own, name) for name in ("memory", "pids")]
    found = tuple(one for one in ones if one is not None)
    if len(found) == 2 and _works(found):
        return Place(1, found)
    return Place(0)


def _mounts(text: str) -> Dict[str, Tuple[str, str]]:
    """Controller ("" for version 2) to mount point and root of the mount."""
    found: Dict[str, Tuple[str, str]] = {}
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        words, kind = left.split(), right.split()
        if kind[:1] == ["cgroup2"]:
            found.setdefault("", (words[4], words[3]))
        elif kind[:1] == ["cgroup"]:
            for name in kind[2].split(","):
                found.setdefault(name, (words[4], words[3]))
    return found


def _own(text: str) -> Dict[str, str]:
    """Controller to the path of our own group."""
    found: Dict[str, str] = {}
    for line in text.splitlines():
        _, names, path = line.split(":", 2)
        found.update((name, path) for name in names.split(","))
    return found


def _inside(
    mounts: Dict[str, Tuple[str, str]], own: Dict[str, str], name: str
) -> Optional[Path]:
    """The folder of our own group in a hierarchy."""
    if name not in mounts or name not in own:
        return None
    point, root = mounts[name]
    path = own[name]
    if root != "/" and (path + "/").startswith(root + "/"):
        path = path[len(root) :]  # a container sees its own part only
    folder = Path(point) / path.lstrip("/")
    return folder if folder.is_dir() else None


def _version_2(
    mounts: Dict[str, Tuple[str, str]], own: Dict[str, str]
) -> Optional[Path]:
    """The nearest folder above us whose groups are bound in memory and
    processes: a group that holds processes itself cannot have such."""
    folder = _inside(mounts, own, "")
    top = Path(mounts[""][0]) if "" in mounts else None
    while folder is not None:
        try:
            given = (folder / "cgroup.subtree_control").read_text().split()
        except OSError:
            return None
        if {"memory", "pids"} <= set(given) and os.access(str(folder), os.W_OK):
            return folder
        folder = folder.parent if folder != top else None
    return None


def _works(folders: Tuple[Path, ...]) -> bool:
    """Whether a process can be moved to a group made there and bound."""
    try:
        with Groups(Place(2 if len(folders) == 1 else 1, folders)) as groups:
            paths = groups.make("try", Bounds())
            child = os.fork()
            if child == 0:
                status = 1
                try:
                    enter(paths)
                    status = 0
                finally:
                    os._exit(status)
            return os.waitpid(child, 0)[1] == 0
    except OSError:
        return False


def enter(paths: List[str]) -> None:
    """Move this process, which has one thread, into groups."""
    for path in paths:
        with open(path + "/cgroup.procs", "w", encoding="ascii") as file:
            file.write("0")


class Groups:
    """Room for the groups of a grading; use it in a `with`.

    `keep` are descriptors that an arena must leave open: its own /sys hides
    the folders, and `make` finds them through these.
    """

    def __init__(self, place: Place, work: Optional[Path] = None) -> None:
        self.place = place
        self._work = work
        self._bases: List[Path] = []
        self.keep: Tuple[int, ...] = ()

    def __enter__(self) -> "Groups":
        name = _PREFIX + secrets.token_hex(6)
        try:
            for folder in self.place.folders:
                _sweep(folder)
                self._open(folder / name)
        except OSError:
            self.close()
            raise
        if self._work is not None and self._bases:
            lines = "".join("%s\n" % base for base in self._bases)
            (self._work / LIST).write_text(lines)
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    def _open(self, base: Path) -> None:
        descriptor = -1
        while descriptor < 0:
            base.mkdir()
            try:
                descriptor = os.open(str(base), os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                continue  # another grader swept at once
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            if not base.exists():  # ... or between the two lines
                os.close(descriptor)
                descriptor = -1
        self._bases.append(base)
        self.keep += (descriptor,)
        if self.place.version == 2:
            _write(base / "cgroup.subtree_control", "+memory +pids")

    def make(self, name: str, bounds: Bounds) -> List[str]:
        """A group for one program: its folders, one for each hierarchy."""
        own = "%s-%s" % (name, secrets.token_hex(4))
        paths = ["/proc/self/fd/%d/%s" % (fd, own) for fd in self.keep]
        for path in paths:
            os.mkdir(path)
            self._bound(Path(path), bounds)
        return paths

    def _bound(self, group: Path, bounds: Bounds) -> None:
        memory = str(bounds.memory_mib * _MIB)
        processes = str(bounds.processes + SPARE_PROCESSES)
        for name, value, needed in (
            ("memory.max", memory, True),
            ("memory.swap.max", "0", False),
            ("memory.oom.group", "1", False),
            ("memory.limit_in_bytes", memory, True),
            ("memory.memsw.limit_in_bytes", memory, False),
            ("pids.max", processes, True),
        ):
            try:
                if (group / name).exists():
                    _write(group / name, value)
            except OSError:
                if needed:
                    raise

    def close(self) -> None:
        """Remove all groups; what is in them has been killed."""
        for base in self._bases:
            _remove(base, time.monotonic() + _EMPTY_S)
        self._bases = []
        for descriptor in self.keep:
            os.close(descriptor)
        self.keep = ()


def _write(path: Path, value: str) -> None:
    with open(str(path), "w", encoding="ascii") as file:
        file.write(value)


def _remove(base: Path, until: float) -> None:
    """A killed process may still be ending, and version 1 tells nobody when
    a group has become empty: ask again from time to time."""
    while not _removed(base) and time.monotonic() < until:
        select.select([], [], [], _AGAIN_S)


def _removed(base: Path) -> bool:
    try:
        for child in base.iterdir():
            if child.is_dir():
                child.rmdir()
        base.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _sweep(folder: Path) -> None:
    """Remove the groups of graders that are dead: nobody locks them."""
    for base in folder.glob(_PREFIX + "*"):
        try:
            lock = os.open(str(base), os.O_RDONLY | os.O_DIRECTORY)
        except OSError:
            continue
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                _removed(base)
        except OSError:
            pass  # its grader lives
        finally:
            os.close(lock)
