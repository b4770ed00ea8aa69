"""How is a file read that was made to break its reader?

Unpacking an archive may take all memory, all time, or hit a fault in a library.
So it is done in a child: a fork with limits, without the grader's descriptors,
and as nobody where we are root. What the child answers comes back through a
pipe; that it hit a limit is an answer too. Nothing here knows what is read.
"""

from __future__ import annotations

import errno
import json
import os
import resource
import select
import signal
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, Sequence

from grader import linux, sandbox, tree
from grader.etc import NOBODY

#: Bytes of an answer; a longer one comes from no child of ours.
MOST_ANSWER = 8 << 20
_PAGE = resource.getpagesize()


class Exhausted(Exception):
    """The work needs more than it may have, or broke its reader; says what."""


@dataclass(frozen=True)
class Bounds:
    """What the work may take."""

    memory: int  # bytes more than the grader itself has
    cpu_s: int
    wall_s: float  # past this the machine is to blame
    file_bytes: int


def call(
    work: Callable[[], Any], folder: Path, keep: Sequence[int], bounds: Bounds
) -> Any:
    """What `work` returns, as JSON knows it, run in `folder` as its folder.

    Only the descriptors `keep` stay open to it. Raises Exhausted where the
    work came to a limit or crashed, OSError for what this machine lacks, and
    RuntimeError for a mistake of ours.
    """
    with _handed_over(folder):
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            _be_child(work, folder, (*keep, theirs), bounds)
        os.close(theirs)
        try:
            told = _read_all(ours, time.monotonic() + bounds.wall_s)
        except BaseException:
            os.kill(pid, signal.SIGKILL)
            raise
        finally:
            os.close(ours)
            _pid, status = os.waitpid(pid, 0)
    return _answer(told, status, bounds)


@contextmanager
def _handed_over(folder: Path) -> Iterator[None]:
    """The folder is nobody's meanwhile, where the child will be nobody."""
    if not sandbox.can_drop():
        yield
        return
    tree.give(folder, NOBODY, NOBODY)
    try:
        yield
    finally:
        tree.give(folder, os.geteuid(), os.getegid())


def _read_all(pipe: int, until: float) -> bytes:
    told = b""
    while True:
        left = until - time.monotonic()
        if left <= 0 or not select.select([pipe], [], [], left)[0]:
            raise OSError(errno.ETIMEDOUT, "reading what was handed in took too long")
        piece = os.read(pipe, 1 << 16)
        told += piece
        if not piece:
            return told
        if len(told) > MOST_ANSWER:
            raise RuntimeError("a reader answered with too much")


def _answer(told: bytes, status: int, bounds: Bounds) -> Any:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number == signal.SIGXCPU:
            raise Exhausted("needs more than %d s of processor time" % bounds.cpu_s)
        if number == signal.SIGKILL:  # nobody but this machine does that
            raise OSError(errno.ENOMEM, "reading what was handed in was killed")
        raise Exhausted("breaks its reader (signal %d)" % number)
    try:
        answer: Dict[str, Any] = json.loads(told.decode("ascii"))
    except ValueError as error:
        raise RuntimeError("a reader ended without an answer") from error
    if "memory" in answer:
        raise Exhausted("needs more than %d MiB of memory" % (bounds.memory >> 20))
    if "errno" in answer:
        raise OSError(answer["errno"], answer["why"])
    if "mistake" in answer:
        raise RuntimeError(answer["mistake"])
    return answer["value"]


# ---- the child ------------------------------------------------------------


def _be_child(
    work: Callable[[], Any], folder: Path, keep: Sequence[int], bounds: Bounds
) -> None:
    """The child's whole life."""
    status = 1
    try:
        answer: Dict[str, Any]
        try:
            _confine(folder, keep, bounds)
            answer = {"value": work()}
        except MemoryError:
            answer = {"memory": True}
        except OSError as error:
            answer = {"errno": error.errno, "why": str(error.strerror)}
            if error.errno == errno.ENOMEM:
                answer = {"memory": True}
        except Exception as error:  # pylint: disable=broad-except
            answer = {"mistake": "%s: %s" % (type(error).__name__, error)}
        told = json.dumps(answer).encode("ascii")
        while told:
            told = told[os.write(keep[-1], told) :]
        status = 0
    finally:
        os._exit(status)


def _confine(folder: Path, keep: Sequence[int], bounds: Bounds) -> None:
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    os.chdir(str(folder))  # the way to it may be closed to nobody
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in keep:
            _close(int(name))
    if sandbox.can_drop():
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    linux.gain_nothing()
    linux.die_with_parent()  # a change of user forgets it
    with open("/proc/self/statm", encoding="ascii") as sizes:
        used = int(sizes.read().split()[0]) * _PAGE
    for which, most in (
        (resource.RLIMIT_AS, used + bounds.memory),
        (resource.RLIMIT_CPU, bounds.cpu_s),
        (resource.RLIMIT_FSIZE, bounds.file_bytes),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        hard = resource.getrlimit(which)[1]
        most = most if hard < 0 else min(most, hard)
        # A second between the two: SIGXCPU says why, SIGKILL would not.
        spare = most + 1 if which == resource.RLIMIT_CPU and hard < 0 else most
        resource.setrlimit(which, (most, spare))


def _close(fd: int) -> None:
    try:
        os.close(fd)
    except OSError:
        pass  # the listing's own
