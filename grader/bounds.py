"""How much may a program use, all of its processes together?

Numbers that a lab may set (`limits` in its rubric), and the words for one
that was reached. Who watches over them is not known here.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Dict, Mapping

_MIB = 1 << 20
#: Address space of a thread's stack, which counts although it is not used.
_STACK = 8 * _MIB
#: A sandbox has processes too; the bound is passed before these are used up.
SPARE_PROCESSES = 16

_WORDS = {
    "memory": "memory limit of %d %s",
    "processes": "limit of %d processes%s",
    "cpu": "CPU time limit of %d %s",
    "disk": "disk limit of %d %s",
    "output": "output limit of %d %s",
    "segments": "limit of %d segments%s",
    "time": "time limit of %d %s",
}


@dataclass(frozen=True)
class Bounds:
    """What one program, or one build, may use; the names are the rubric's."""

    memory_mib: int = 512
    processes: int = 256  # threads count too
    cpu_s: int = 60
    disk_mib: int = 64  # that it writes, wherever it may
    output_kib: int = 1024  # what is kept of it
    open_files: int = 512  # of each process
    segments: int = 50000  # that pass at the server in one run

    def watched(self) -> Dict[str, int]:
        """What labrun watches (c_src/PROTOCOL.md, `bounds`)."""
        names = ("memory_mib", "processes", "cpu_s", "disk_mib", "segments")
        return {k: v for k, v in asdict(self).items() if k in names}

    def of_process(self) -> Dict[str, int]:
        """The same for each process by itself, as setrlimit(2) names it: the
        kernel's own wall, where nobody looks in time. Memory that is only
        reserved is no use of memory, so there is room for that."""
        return {
            "nofile": self.open_files,
            "nproc": self.processes + SPARE_PROCESSES,
            "core": 1,  # 0 would not stop one that is piped to a program
            "fsize": self.disk_mib * _MIB,
            "cpu": self.cpu_s + 1,
            "data": 2 * self.memory_mib * _MIB + self.processes * _STACK,
        }


#: A compiler needs more than what it compiles.
BUILD = Bounds(memory_mib=1536, cpu_s=120, disk_mib=256)


def words(limit: Mapping[str, Any]) -> str:
    """A limit that was reached: "memory limit of 256 MiB"."""
    form = _WORDS.get(str(limit["what"]), "limit of %d %s")
    return (form % (limit["limit"], limit.get("unit", ""))).strip()
