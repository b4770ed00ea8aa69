"""Does a command that runs outside of labrun use more than it may?

A build is watched by the grader itself: the memory, the processes and the
time of everything below the command, and what it writes into its folder.
Where groups can be made the kernel bounds it too.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from grader.bounds import BUILD, Bounds
from grader.cgroups import Groups

#: Seconds between two looks at what a command uses.
PERIOD_S = 0.1
#: A folder with more files than this is over any bound of disk.
MOST_FILES = 50000
_MIB = 1 << 20
_PAGE = os.sysconf("SC_PAGE_SIZE")
_TICKS = os.sysconf("SC_CLK_TCK")

Limit = Dict[str, Any]


@dataclass(frozen=True)
class Guard:
    """What each of some commands may use."""

    bounds: Bounds = BUILD
    groups: Optional[Groups] = None

    def watch(self, folder: Optional[Path] = None) -> "Watch":
        paths = self.groups.make("build", self.bounds) if self.groups else []
        return Watch(self.bounds, paths, folder)


@dataclass
class Watch:
    """One command under a guard. `reached` says which bound it passed."""

    bounds: Bounds
    groups: List[str] = field(default_factory=list)
    folder: Optional[Path] = None
    reached: Optional[Limit] = None
    _free: int = -1

    def look(self, pid: int) -> bool:
        """Look at a command that runs; True when it has to be ended."""
        self.reached = self.reached or self._passed(pid)
        return self.reached is not None

    def ended(self) -> None:
        """The command has ended; the kernel may have been the reason."""
        self.reached = self.reached or self._told() or self._disk()

    def _passed(self, pid: int) -> Optional[Limit]:
        told = self._told()
        if told:
            return told
        memory, processes, cpu = footprint(pid)
        if memory > self.bounds.memory_mib * _MIB:
            return self._limit("memory")
        if processes > self.bounds.processes:
            return self._limit("processes")
        if cpu > self.bounds.cpu_s:
            return self._limit("cpu")
        return self._disk() if self._much_was_written() else None

    def _limit(self, what: str) -> Limit:
        name, unit = {
            "memory": ("memory_mib", "MiB"),
            "processes": ("processes", ""),
            "cpu": ("cpu_s", "s"),
            "disk": ("disk_mib", "MiB"),
        }[what]
        return {"what": what, "limit": getattr(self.bounds, name), "unit": unit}

    def _told(self) -> Optional[Limit]:
        for path in self.groups:
            for name in ("memory.events", "memory.oom_control"):
                if _counted(path + "/" + name, "oom_kill"):
                    return self._limit("memory")
            if _counted(path + "/pids.events", "max"):
                return self._limit("processes")
        return None

    def _much_was_written(self) -> bool:
        """Whether the file system has lost room enough to look closely."""
        if self.folder is None:
            return False
        free = os.statvfs(str(self.folder))
        room = free.f_bavail * free.f_frsize + free.f_ffree * 1024
        if self._free < 0:
            self._free = room
        return self._free - room > self.bounds.disk_mib * _MIB // 2

    def _disk(self) -> Optional[Limit]:
        if self.folder is None:
            return None
        most = self.bounds.disk_mib * _MIB
        return self._limit("disk") if size_of(self.folder, most) > most else None


def footprint(pid: int) -> Tuple[int, int, float]:
    """Bytes of memory, processes and seconds of a process and all below."""
    memory, processes, ticks = 0, 0, 0
    for one in _below(pid):
        try:
            with open("/proc/%d/stat" % one, encoding="utf-8", errors="replace") as file:
                words = file.read().rpartition(")")[2].split()
            with open("/proc/%d/statm" % one, encoding="ascii") as file:
                pages = file.read().split()
        except (OSError, ValueError):
            continue  # it has ended
        ticks += sum(int(word) for word in words[11:15])
        processes += int(words[17])
        memory += (int(pages[1]) - int(pages[2])) * _PAGE
    return memory, processes, ticks / _TICKS


def _below(pid: int) -> Iterator[int]:
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        try:
            for task in os.listdir("/proc/%d/task" % one):
                path = "/proc/%d/task/%s/children" % (one, task)
                with open(path, encoding="ascii") as file:
                    waiting += [int(word) for word in file.read().split()]
        except OSError:
            continue  # it has ended


def size_of(folder: Path, enough: int) -> int:
    """Bytes of all files below a folder as they would be copied, holes too;
    no further than `enough`."""
    total, files, waiting = 0, 0, [str(folder)]
    while waiting and total <= enough:
        try:
            with os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    files += 1
                    total += entry.stat(follow_symlinks=False).st_size
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    if files > MOST_FILES:
                        return enough + 1
        except OSError:
            continue  # it went, or was closed to us
    return total


def _counted(path: str, word: str) -> bool:
    try:
        with open(path, encoding="ascii") as file:
            lines: Sequence[List[str]] = [line.split() for line in file]
    except OSError:
        return False
    return any(line[0] == word and line[1:] != ["0"] for line in lines if line)
