"""What do the same programs cost when nobody watches them?

Starts a server and two clients on loopback, each at a terminal, types what
the grader would type, in the same orders and as many times. There is no
sandbox, no emulated network and no instrument. Each exchange has a loopback
of its own, since most servers cannot bind their port twice in a minute.
"""

from __future__ import annotations

import os
import pty
import selectors
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Sequence, Tuple, Type

from grader import linux, sandbox
from cpu import Meter

LIMIT_S = 20.0
PORT = 12000
#: Who connects first, who sends first: as the lab's scenarios do. The fifth
#: is the run in which both send at once.
ORDERS = (("X", "X"), ("X", "Y"), ("Y", "X"), ("Y", "Y"), ("X", "X"))


@dataclass(frozen=True)
class Pair:
    """A submission's programs, and the words that show how far they are."""

    server: Tuple[str, ...]
    client: Tuple[str, ...]
    folder: Path
    listens: str = "waiting to receive"
    accepted: str = "first connection"
    asks: str = "Enter message"


@dataclass(frozen=True)
class Cost:
    """Seconds; `best` is the shortest of several wall times."""

    cpu: float
    wall: float
    best: float

    def plus(self, other: "Cost") -> "Cost":
        return Cost(
            self.cpu + other.cpu,
            self.wall + other.wall,
            self.best + other.best,
        )


class _Terminals:
    """Programs at pseudo-terminals; ends them all."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._started: List["subprocess.Popen[bytes]"] = []
        self._masters: Dict[int, str] = {}  # and what was heard there

    def __enter__(self) -> "_Terminals":
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        for process in self._started:
            if process.poll() is None:
                process.send_signal(signal.SIGKILL)
            process.wait()
        for master in self._masters:
            os.close(master)
        self._selector.close()

    def start(self, argv: Sequence[str], folder: Path) -> int:
        """Start a program; its terminal stands for it."""
        master, slave = pty.openpty()
        process = subprocess.Popen(
            list(argv), cwd=str(folder), stdin=slave, stdout=slave,
            stderr=slave, start_new_session=True, env=sandbox.environment(),
        )
        os.close(slave)
        self._started.append(process)
        self._masters[master] = ""
        self._selector.register(master, selectors.EVENT_READ)
        return master

    def type(self, master: int, text: str) -> None:
        os.write(master, text.encode() + b"\n")

    def until(self, master: int, word: str) -> None:
        while word not in self._masters[master]:
            self._hear()

    def until_all_end(self) -> None:
        while self._selector.get_map():
            self._hear()
        for process in self._started:
            process.wait(LIMIT_S)

    def _hear(self) -> None:
        ready = self._selector.select(LIMIT_S)
        if not ready:
            raise RuntimeError("the programs hang: %r" % (self._masters,))
        for key, _events in ready:
            try:
                data = os.read(key.fd, 65536)
            except OSError:  # the last program at this terminal has ended
                data = b""
            if not data:
                self._selector.unregister(key.fd)
            self._masters[key.fd] += data.decode("utf-8", "replace")


def _exchange(pair: Pair, connects_first: str, sends_first: str) -> None:
    with _Terminals() as terminals:
        server = terminals.start(pair.server, pair.folder)
        terminals.until(server, pair.listens)
        clients: Dict[str, int] = {}
        for label in sorted("XY", key=lambda x: x != connects_first):
            clients[label] = terminals.start(pair.client, pair.folder)
            if len(clients) == 1:
                terminals.until(server, pair.accepted)
        for master in clients.values():
            terminals.until(master, pair.asks)
        for label in sorted("XY", key=lambda x: x != sends_first):
            terminals.type(clients[label], "Kalido" + label)
            terminals.until(server, "Kalido" + label)
        terminals.until_all_end()


def _alone(pair: Pair) -> None:
    """One connection that sends while it is the only one."""
    with _Terminals() as terminals:
        server = terminals.start(pair.server, pair.folder)
        terminals.until(server, pair.listens)
        with socket.create_connection(("127.0.0.1", PORT), LIMIT_S) as peer:
            peer.sendall(b"Kalido\n")
            terminals.until(server, pair.accepted)


def _new_loopback() -> None:
    linux.unshare(linux.CLONE_NEWNET)
    linux.raise_loopback()


def _all_runs(pair: Pair) -> float:
    """Every run of a grading, one after the other; its wall time."""
    wall = 0.0
    if os.geteuid() != 0:
        # A user may have another network in a user namespace only.
        linux.unshare(linux.CLONE_NEWUSER)
    for connects_first, sends_first in ORDERS:
        _new_loopback()
        began = time.monotonic()
        _exchange(pair, connects_first, sends_first)
        wall += time.monotonic() - began
    _new_loopback()
    began = time.monotonic()
    _alone(pair)
    return wall + time.monotonic() - began


def run(pair: Pair) -> Cost:
    """The cost of the programs of a whole grading; the driver's is left out.

    The driver is a fork, as it leaves this process's network for good.
    """
    meter = Meter()
    before = meter.seconds()
    mine = time.process_time()
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            wall = _all_runs(pair)
            os.write(theirs, b"%f %f" % (wall, time.process_time()))
            status = 0
        finally:
            os._exit(status)
    os.close(theirs)
    with os.fdopen(ours) as answer:
        words = answer.read().split()
    os.waitpid(child, 0)
    if len(words) != 2:
        raise RuntimeError("the bare run of %s failed" % pair.folder)
    driver = float(words[1]) + time.process_time() - mine
    wall = float(words[0])
    return Cost(meter.seconds() - before - driver, wall, wall)
