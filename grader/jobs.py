"""How do several commands run side by side, and none of them for ever?

Each one's output is kept up to a bound, and whatever still runs at the
deadline is killed. Knows neither what the commands are nor what confines
them; a command that leaves children behind must see to them itself, as
bubblewrap does.
"""

from __future__ import annotations

import functools
import os
import resource
import selectors
import subprocess
import time
from dataclasses import dataclass
from typing import Callable, List, Mapping, Optional, Sequence, Tuple

from grader import cgroups, guard
from grader.guard import Limit, Watch

#: How long the kernel may take to end what was killed.
DRAIN_S = 10.0


class NotEnding(Exception):
    """A killed command held its output open: something is badly wrong."""


@dataclass(frozen=True)
class Ended:
    """How a command ended; `code` is negative after a signal."""

    code: int
    output: bytes
    timed_out: bool
    limit: Optional[Limit] = None  # the bound that it passed


def run_all(
    commands: Sequence[Sequence[str]],
    env: Mapping[str, str],
    limits: Mapping[str, int],
    deadline_s: float,
    output_cap: int,
    clock: Callable[[], float] = time.monotonic,
    watches: Sequence[Watch] = (),
) -> Tuple[Ended, ...]:
    """Run all commands at once; answers come in the commands' order.

    `watches` says for each what it may use; one that uses more is ended.
    """
    running: List[_Running] = []
    try:
        for at, argv in enumerate(commands):
            watch = watches[at] if watches else None
            running.append(_Running(argv, env, limits, output_cap, watch))
        _collect(running, clock() + deadline_s, clock)
    finally:
        for one in running:
            one.close()
    return tuple(one.ended() for one in running)


class _Running:
    """One process, and what was heard of it."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        limits: Mapping[str, int],
        output_cap: int,
        watch: Optional[Watch] = None,
    ) -> None:
        self._watch = watch
        self.timed_out = False
        self._heard = bytearray()
        self._cap = output_cap
        self._process = subprocess.Popen(
            list(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env),
            start_new_session=True,
            preexec_fn=functools.partial(
                _limit, dict(limits), watch.groups if watch else []
            ),
        )
        assert self._process.stdout is not None
        self.stdout = self._process.stdout

    def read(self) -> bool:
        """Take what there is; False at the end."""
        data = os.read(self.stdout.fileno(), 65536)
        self._heard += data[: max(0, self._cap - len(self._heard))]
        return bool(data)

    def look(self) -> None:
        """End it where it uses more than it may."""
        if self._watch is not None and self._process.poll() is None:
            if self._watch.look(self._process.pid):
                self._process.terminate()

    def end(self) -> None:
        """Politely: a command may have others to end and to wait for."""
        self.timed_out = True
        self._process.terminate()

    def wait(self, left: float) -> None:
        """A process may close its output and go on: that is time too."""
        try:
            self._process.wait(max(0.0, left))
        except subprocess.TimeoutExpired:
            self.end()
            self._wait_for_end()

    def _wait_for_end(self) -> None:
        try:
            self._process.wait(DRAIN_S)
        except subprocess.TimeoutExpired:
            raise NotEnding("a command did not end at its deadline") from None

    def close(self) -> None:
        """Nothing runs and nothing is open afterwards."""
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self.stdout.close()

    def ended(self) -> Ended:
        code = self._process.returncode
        limit = None
        if self._watch is not None:
            self._watch.ended()
            limit = self._watch.reached
        return Ended(code, bytes(self._heard), self.timed_out, limit)


def _limit(limits: Mapping[str, int], groups: List[str]) -> None:
    cgroups.enter(groups)
    for name, wanted in limits.items():
        which = getattr(resource, "RLIMIT_" + name.upper())
        hard = resource.getrlimit(which)[1]
        value = wanted if hard < 0 else min(wanted, hard)
        resource.setrlimit(which, (value, value))


def _collect(
    running: Sequence[_Running],
    deadline: float,
    clock: Callable[[], float],
) -> None:
    """Read until every process has ended, or was ended at the deadline."""
    killed: Optional[float] = None
    look = clock()
    with selectors.DefaultSelector() as selector:
        for one in running:
            selector.register(one.stdout, selectors.EVENT_READ, one)
        while selector.get_map():
            left = (deadline if killed is None else killed) - clock()
            if left <= 0 and killed is not None:
                raise NotEnding("a command did not end at its deadline")
            if left <= 0:
                killed = clock() + DRAIN_S
                for key in list(selector.get_map().values()):
                    key.data.end()
                continue
            if clock() >= look:
                for one in running:
                    one.look()
                look = clock() + guard.PERIOD_S
            for key, _ in selector.select(min(left, max(0.0, look - clock()))):
                if not key.data.read():
                    selector.unregister(key.fileobj)
    for one in running:
        one.wait(deadline - clock())
