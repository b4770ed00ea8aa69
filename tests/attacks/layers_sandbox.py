"""Layers that keep a program in its sandbox, and what it may see small."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Dict, List, Sequence

from grader import sandbox


def _base_with(change: Callable[[List[str]], List[str]]) -> None:
    argv = tuple(change(list(sandbox._base())))
    setattr(sandbox, "_base", lambda: argv)


def _replaced(old: Sequence[str], new: Sequence[str]) -> None:
    def change(argv: List[str]) -> List[str]:
        for at in range(len(argv)):
            if argv[at : at + len(old)] == list(old):
                return [*argv[:at], *new, *argv[at + len(old) :]]
        raise ValueError("bubblewrap is not told %s" % " ".join(old))

    _base_with(change)


def filter_of_calls() -> None:
    """Every system call is the kernel's own business."""

    def unfiltered(_labexec: Path, _how: str = "") -> List[str]:
        return list(sandbox._base())

    setattr(sandbox, "_filtered", unfiltered)


def read_only_proc() -> None:
    """/proc may be written to, where its files allow it."""
    usual = sandbox._home

    def home(copy: Path) -> List[str]:
        argv = usual(copy)
        at = argv.index("/proc")
        return argv[: at - 1] + argv[at + 1 :]

    setattr(sandbox, "_home", home)


def drops_root() -> None:
    """Where root grades, it is root who runs the programs."""
    setattr(sandbox, "can_drop", lambda: False)


def without_sys() -> None:
    """The arena's /sys is there."""
    _replaced(["--proc", "/proc"], ["--proc", "/proc", "--ro-bind", "/sys", "/sys"])


def own_environment() -> None:
    """A program has the grader's environment."""
    usual = sandbox.environment()
    told: Dict[str, str] = {**os.environ, **usual, "MNGRADE_SECRET": "a token"}
    setattr(sandbox, "environment", lambda: dict(told))


def own_proc() -> None:
    """/proc shows what the arena sees."""
    _replaced(["--proc", "/proc"], ["--ro-bind", "/proc", "/proc"])


def own_ipc() -> None:
    """All programs of an arena share memory and queues."""
    _replaced(["--unshare-ipc"], [])


def own_devices() -> None:
    """/dev is the machine's."""
    _replaced(["--dev", "/dev"], ["--dev-bind", "/dev", "/dev"])


LAYERS: Dict[str, Callable[[], None]] = {
    "filter": filter_of_calls,
    "read-only-proc": read_only_proc,
    "drops-root": drops_root,
    "without-sys": without_sys,
    "own-environment": own_environment,
    "own-proc": own_proc,
    "own-ipc": own_ipc,
    "own-devices": own_devices,
}
