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


def run_all(
    commands: Sequence[Sequence[str]],
    env: Mapping[str, str],
    limits: Mapping[str, int],
    deadline_s: float,
    output_cap: int,
    clock: Callable[[], float] = time.monotonic,
) -> Tuple[Ended, ...]:
    """Run all commands at once; answers come in the commands' order."""
    running: List[_Running] = []
    try:
        for argv in commands:
            running.append(_Running(argv, env, limits, output_cap))
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
    ) -> None:
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
            preexec_fn=functools.partial(_limit, dict(limits)),
        )
        assert self._process.stdout is not None
        self.stdout = self._process.stdout

    def read(self) -> bool:
        """Take what there is; False at the end."""
        data = os.read(self.stdout.fileno(), 65536)
        self._heard += data[: max(0, self._cap - len(self._heard))]
        return bool(data)

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
        return Ended(code, bytes(self._heard), self.timed_out)


def _limit(limits: Mapping[str, int]) -> None:
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
            for key, _ in selector.select(left):
                if not key.data.read():
                    selector.unregister(key.fileobj)
    for one in running:
        one.wait(deadline - clock())
