"""What is left on the stage when the gradings are over?

The stage has namespaces of its own: whatever is in them and was not there
before was left behind.
"""

from __future__ import annotations

import os
import select
import stat
import time
from pathlib import Path
from typing import Any, Dict, List, Sequence, Set

#: What was killed may take a while to be gone.
PATIENCE_S = 10.0


class Remains:
    """Made before the gradings, looked at after them."""

    def __init__(self, disk: Path, cgroups: Sequence[str]) -> None:
        self._disk = disk
        self._cgroups = [Path(path) for path in cgroups]
        self._mounts = _mounts()

    def look(self, known: Set[int]) -> Dict[str, Any]:
        """What is left; `known` are processes that belong to the stage."""
        until = time.monotonic() + PATIENCE_S
        while True:
            _reap(known)
            left = self._left(known)
            if not any(left.values()) or time.monotonic() > until:
                return left
            select.select([], [], [], 0.01)

    def _left(self, known: Set[int]) -> Dict[str, Any]:
        return {
            "processes": _processes(known),
            "files": self._files(),
            "setuid": self._setuid(),
            "interfaces": [n for n in _interfaces() if n != "lo"],
            "mounts": sorted(set(_mounts()) - set(self._mounts)),
            "ipc": _ipc(),
            "shm": os.listdir("/dev/shm"),
            "cgroups": [str(p) for top in self._cgroups for p in _below(top)],
        }

    def _files(self) -> List[str]:
        found = []
        for name in ("tmp-attack", "tmp-innocent"):
            folder = self._disk / name
            found += ["%s/%s" % (name, one) for one in os.listdir(str(folder))]
        usual = {"canary.txt", "engine.sock"}
        found += sorted(set(os.listdir(str(self._disk / "home"))) - usual)
        return found

    def _setuid(self) -> List[str]:
        found = []
        for folder, _folders, files in os.walk(str(self._disk)):
            for name in files:
                path = os.path.join(folder, name)
                if os.lstat(path).st_mode & (stat.S_ISUID | stat.S_ISGID):
                    found.append(path)
        return found


def _reap(known: Set[int]) -> None:
    """Collect orphans: process 1 is their parent now."""
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in known:
            try:
                os.waitpid(int(name), os.WNOHANG)
            except ChildProcessError:
                pass


def _processes(known: Set[int]) -> List[str]:
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) not in known:
            try:
                line = Path("/proc", name, "cmdline").read_bytes()
                state = Path("/proc", name, "stat").read_text().rpartition(")")[2]
            except OSError:
                continue
            words = line.replace(b"\0", b" ").decode("latin-1")
            found.append("%s %s %s" % (name, state.split()[0], words[:200]))
    return found


def _interfaces() -> List[str]:
    lines = Path("/proc/self/net/dev").read_text().splitlines()[2:]
    return sorted(line.split(":")[0].strip() for line in lines)


def _mounts() -> List[str]:
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    return [line.split()[4] for line in lines]


def _ipc() -> List[str]:
    found = []
    for kind in ("msg", "sem", "shm"):
        path = Path("/proc/sysvipc", kind)
        if path.exists():
            found += [kind] * (len(path.read_text().splitlines()) - 1)
    return found


def _below(top: Path) -> List[Path]:
    return [Path(f) for f, _folders, _files in os.walk(str(top)) if Path(f) != top]
