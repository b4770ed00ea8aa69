"""How does a test talk to labrun as the grader does?

A small client of the protocol in c_src/PROTOCOL.md: it sends a command, keeps
every event, and gives back the reply. labrun runs in namespaces of its own,
so that its loopback interface is nobody else's.
"""

from __future__ import annotations

import collections
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Deque, Dict, List, Optional, Sequence, Tuple, Type

Event = Dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("LAB_BIN", str(ROOT / "build" / "bin"))).resolve()
LABRUN = BIN / "labrun"
HELPER = BIN / "labexec"
PYTHON = sys.executable
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp"}

#: No reply may take longer than this; the machine may be slow.
PATIENCE_S = 120.0

#: A sandbox as the grader makes it, as far as labrun can tell.
BWRAP = ("bwrap --unshare-pid --unshare-ipc --die-with-parent --dev-bind / /"
         " --proc /proc --").split()

_NAMESPACES = "unshare --user --map-root-user --net --mount".split()
_PIDS = "--pid --fork --kill-child --mount-proc".split()
_UP = 'ip link set lo up && exec "$0"'


class Labrun:
    """One labrun, in new namespaces; without `pids` its processes are not.

    `before` is a shell command that runs in the namespaces first.
    """

    def __init__(self, pids: bool = True, before: str = "true") -> None:
        argv = [*_NAMESPACES, *(_PIDS if pids else []), "sh", "-c"]
        self.process = subprocess.Popen(
            [*argv, before + " && " + _UP, str(LABRUN)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self.pids = pids
        self.events: List[Event] = []
        self._lines: Deque[bytes] = collections.deque()
        self._rest = b""
        self._last = 0
        self.hello = self._next()

    def __enter__(self) -> Labrun:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    pass  # what was not sent is of no use to anybody now

    def pid(self) -> int:
        """The process id of labrun itself, as the caller sees it."""
        return first_children(self.process.pid)[1 if self.pids else 0]

    def send(self, do: str, **fields: Any) -> int:
        """Send a command; returns its id."""
        self._last += 1
        self.write(json.dumps({"id": self._last, "do": do, **fields}) + "\n")
        return self._last

    def write(self, text: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def reply(self, number: int) -> Event:
        """Read events until the reply to command `number`."""
        while True:
            event = self._next()
            if event.get("id") == number:
                return event

    def do(self, do: str, **fields: Any) -> Event:
        return self.reply(self.send(do, **fields))

    def host(self, name: str = "h1") -> None:
        """Make labrun's own network namespace known as a host."""
        pid = 1 if self.pids else self.process.pid
        assert self.do("host", host=name, pid=pid)["ev"] == "ok"

    def start(self, name: str, argv: Sequence[str], **fields: Any) -> Event:
        given = {"env": ENVIRONMENT, "helper": str(HELPER), "host": "h1"}
        given.update(fields)
        return self.do("start", program=name, argv=list(argv), **given)

    def python(self, name: str, source: str, **fields: Any) -> Event:
        return self.start(name, [PYTHON, "-u", "-c", source], **fields)

    def type(self, name: str, text: str) -> Event:
        return self.do("type", program=name, text=text)

    def settle(self, **fields: Any) -> Event:
        return self.do("settle", **fields)

    def settled(self, **fields: Any) -> Event:
        """Settle, which must succeed."""
        state = self.settle(**{"limit_ms": 60000, **fields})
        assert state["outcome"] == "settled", state
        return state

    def output(self, name: str) -> str:
        """All that a program has written so far."""
        return b"".join(
            content(event)
            for event in self.events
            if event["ev"] == "output" and event["program"] == name
        ).decode("utf-8", "replace")

    def of(self, kind: str) -> List[Event]:
        return [event for event in self.events if event["ev"] == kind]

    def ended(self) -> Tuple[int, List[Event]]:
        """Read to the end of the stream: exit status and the last events."""
        before = len(self.events)
        try:
            while True:
                self._next()
        except EOFError:
            pass
        return self.process.wait(PATIENCE_S), self.events[before:]

    def _next(self) -> Event:
        while not self._lines:
            self._read()
        event: Event = json.loads(self._lines.popleft())
        self.events.append(event)
        return event

    def _read(self) -> None:
        assert self.process.stdout is not None
        fd = self.process.stdout.fileno()
        if not select.select([fd], [], [], PATIENCE_S)[0]:
            raise TimeoutError("labrun says nothing")
        data = os.read(fd, 1 << 20)
        if not data:
            raise EOFError("labrun has ended")
        *lines, self._rest = (self._rest + data).split(b"\n")
        self._lines.extend(lines)


def content(event: Event) -> bytes:
    """The bytes of an event."""
    if "hex" in event:
        return bytes.fromhex(event["hex"])
    return str(event.get("text", "")).encode()


def waits(state: Event, program: str) -> List[str]:
    """What each thread of a program waits for."""
    return [t["wait"] for t in state["threads"] if t["program"] == program]


def first_children(pid: int) -> List[int]:
    """A process and the chain of its first children."""
    chain = [pid]
    while True:
        path = Path("/proc/%d/task/%d/children" % (chain[-1], chain[-1]))
        children = path.read_text(encoding="ascii").split()
        if not children:
            return chain
        chain.append(int(children[0]))


def is_alive(pid: int) -> bool:
    """Is there such a process, and is it more than a zombie?"""
    try:
        stat = Path("/proc/%d/stat" % pid).read_text(encoding="utf-8")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in ("Z", "X")


def wait_gone(pid: int) -> bool:
    """Wait until a process has ended; False when it does not."""
    end = time.monotonic() + PATIENCE_S
    while is_alive(pid):
        if time.monotonic() > end:
            return False
        os.sched_yield()
    return True


class Load:
    """Processes that keep the processors busy, for a bounded time."""

    def __init__(self, count: int, nice: int = 0, seconds: int = 60) -> None:
        code = "import os,resource as r;r.setrlimit(r.RLIMIT_CPU,(%d,%d))" % (
            seconds,
            seconds,
        )
        code += ";os.nice(%d)\nwhile True: pass" % nice
        self._processes = [
            subprocess.Popen([PYTHON, "-c", code]) for _ in range(count)
        ]

    def __enter__(self) -> Load:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.send_signal(signal.SIGKILL)
        for process in self._processes:
            process.wait()
