"""How is a whole class graded, and nothing lost whatever happens?

Each hand-in gets a worker process (grader/batch_worker.py) that leaves a
folder with its results; here they are started, watched and entered into the
gradebook. What counts is on the disk at any moment: killed and started again,
a batch goes on where it was, and the gradebook ends as if nothing had
happened.

A worker that takes long is mostly waiting for programs that sleep or hang: it
gives its place to the next hand-in, and goes on beside it.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import shutil
import signal
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple, Type

from grader import batch_worker, grade, gradebook_basis, linux
from grader.batch_worker import Plan
from grader.gradebook import Gradebook
from grader.gradebook_model import Basis
from grader.intake import HandIn
from grader.lab import Lab

#: Seconds after which a worker no longer keeps others from starting.
SLOW_S = 3.0
#: So many workers more than there are places, at most, for each place.
MOST_SLOW = 3
#: Seconds after which a worker is ended; no hand-in takes that long.
DEADLINE_S = 600.0
#: How often a hand-in is tried whose worker dies.
TRIES = 2

#: Seconds between two looks at who is late, where no worker ends meanwhile.
_LOOK_S = 0.25
SUBMISSIONS = "submissions"
_LOCK = ".batch"
_UNCHANGED = batch_worker.UNCHANGED


class BatchError(Exception):
    """The batch cannot be done; says what, where, how to mend it."""


@dataclass(frozen=True)
class Done:
    """What came of one hand-in."""

    name: str
    how: str  # "graded", "judged again", "unchanged", or why it was not done
    took_s: float
    report: Dict[str, Any]  # as in report.json


class Watcher:
    """Is told how a batch gets on; does nothing by itself."""

    def begins(self, total: int) -> None:
        """So many hand-ins there are."""

    def done(self, done: Done, left: int) -> None:
        """One hand-in is in the gradebook."""

    def waits(self, running: Sequence[Tuple[str, float]], left: int) -> None:
        """Called a few times a second: who is under way, for how long (s)."""


@dataclass
class _Worker:
    hand_in: HandIn
    pid: int
    pipe: int  # its end is the worker's end
    began: float
    tries: int
    why: str = ""

    @property
    def age(self) -> float:
        return time.monotonic() - self.began


@dataclass
class _Waiting:
    hand_in: HandIn
    tries: int = 0


def plan_of(lab: Lab, seed: int, again: bool, judge_again: bool) -> Plan:
    """What the workers of this class need to know; hashes the lab once."""
    return Plan(
        lab=lab,
        seed=seed,
        jobs=1,
        again=again,
        judge_again=judge_again,
        lab_sha256=gradebook_basis.lab_sha256(lab.folder),
        runs_sha256=gradebook_basis.runs_sha256(lab),
        version=gradebook_basis.version(),
        machine=gradebook_basis.machine(),
    )


class Batch:
    """Grades hand-ins into a folder; use it in a `with`.

    One batch at a time may write a folder; the gradebook in it may be
    written by others meanwhile.
    """

    def __init__(self, out: Path, plan: Plan, places: int) -> None:
        self.out, self._plan, self._places = out, plan, max(1, places)
        self._lock = -1
        self._workers: Dict[int, _Worker] = {}
        self._selector = selectors.DefaultSelector()
        self.numbers: Dict[str, int] = {}  # of submissions, by name

    def __enter__(self) -> "Batch":
        try:
            (self.out / SUBMISSIONS).mkdir(parents=True, exist_ok=True)
            self._lock = os.open(str(self.out / _LOCK), os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BatchError("%s: another batch is writing it" % self.out) from error
        except OSError as error:
            raise BatchError("%s: %s" % (self.out, error.strerror)) from error
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        for worker in list(self._workers.values()):
            os.kill(worker.pid, signal.SIGKILL)
            self._reap(worker)
        self._selector.close()
        if self._lock >= 0:
            os.close(self._lock)

    def run(self, hand_ins: Sequence[HandIn], watcher: Watcher) -> None:
        """Grade them all; returns when every one is in the gradebook.

        Ctrl-C raises KeyboardInterrupt when no step is half done.
        """
        with _interrupts() as interrupts:
            self._run([_Waiting(one) for one in hand_ins], watcher, interrupts)

    def _run(
        self, waiting: List[_Waiting], watcher: Watcher, interrupts: List[int]
    ) -> None:
        watcher.begins(len(waiting))
        while waiting or self._workers:
            if interrupts:
                raise KeyboardInterrupt
            while waiting and self._has_place():
                self._start(waiting.pop(0))
            for key, _events in self._selector.select(_LOOK_S):
                worker = self._workers[key.fd]
                self._reap(worker)
                again = self._finish(worker, len(waiting), watcher)
                if again is not None:
                    waiting.append(again)
            for worker in self._workers.values():
                if worker.age > DEADLINE_S and not worker.why:
                    worker.why = "it took more than %d s" % DEADLINE_S
                    os.kill(worker.pid, signal.SIGKILL)
            watcher.waits(
                [(w.hand_in.name, w.age) for w in self._workers.values()],
                len(waiting),
            )

    def _has_place(self) -> bool:
        slow = sum(worker.age > SLOW_S for worker in self._workers.values())
        slow = min(slow, MOST_SLOW * self._places)
        return len(self._workers) - slow < self._places

    def _start(self, waiting: _Waiting) -> None:
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(ours)
            folder = self._folder(waiting.hand_in)
            _be_worker(self._plan, waiting.hand_in, folder, theirs)
        os.close(theirs)
        worker = _Worker(
            waiting.hand_in, pid, ours, time.monotonic(), waiting.tries + 1
        )
        self._workers[ours] = worker
        self._selector.register(ours, selectors.EVENT_READ)

    def _folder(self, hand_in: HandIn) -> Path:
        return self.out / SUBMISSIONS / hand_in.name

    def _reap(self, worker: _Worker) -> None:
        self._selector.unregister(worker.pipe)
        del self._workers[worker.pipe]
        told = _read_all(worker.pipe)
        os.close(worker.pipe)
        _pid, status = os.waitpid(worker.pid, 0)
        if os.WIFSIGNALED(status) and not worker.why:
            worker.why = "the grader was killed by signal %d" % os.WTERMSIG(status)
        elif status and not worker.why:
            worker.why = told or "the grader ended with status %d" % (status >> 8)

    def _finish(
        self, worker: _Worker, left: int, watcher: Watcher
    ) -> Optional[_Waiting]:
        """Enter what a worker left; what is to be tried again, if it died."""
        if worker.why and worker.tries < TRIES:
            return _Waiting(worker.hand_in, worker.tries)
        folder = self._folder(worker.hand_in)
        if worker.why:
            self._check_room(worker.why)
            plan = self._plan
            report = batch_worker.not_done(
                plan.lab, worker.hand_in.name, plan.seed, worker.why
            )
            basis = Basis("", plan.lab_sha256, plan.version, plan.machine)
            how, known = worker.why, None
        else:
            known = batch_worker.read_known(folder)
            report = json.loads((folder / batch_worker.REPORT).read_text("utf-8"))
            assert known is not None  # the worker ended well, so it is there
            basis, how = known.basis, known.how
        number = self.numbers[worker.hand_in.name]
        with Gradebook(self.out) as book:
            # An earlier grading of the same does not count: what came after
            # it would stay the newest.
            newest = book.gradings(number)[-1:]
            found = known and book.find_grading(number, basis, known.seed)
            if not found or found != newest[0].entry:
                book.add_grading(number, report, basis)
            else:
                how = _UNCHANGED
        watcher.done(Done(worker.hand_in.name, how, worker.age, report), left)
        return None

    def _check_room(self, why: str) -> None:
        """On a full disk the next hand-in would fare no better."""
        if shutil.disk_usage(str(self.out)).free < grade.BUILD_ROOM:
            raise BatchError(
                "%s: no space is left (%s); what was finished is kept, and the"
                " same command goes on when there is room" % (self.out, why)
            )


@contextlib.contextmanager
def _interrupts() -> Iterator[List[int]]:
    """The interrupts so far. An exception in their place would be lost where
    Python happens to be inside of a fork."""
    seen: List[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: seen.append(number))
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, before)


def _be_worker(plan: Plan, hand_in: HandIn, folder: Path, pipe: int) -> None:
    """The child's whole life; what it could not do goes into the pipe."""
    status = 1
    try:
        os.setsid()  # Ctrl-C is for the batch, which then ends its workers
        linux.die_with_parent()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        batch_worker.work(plan, hand_in, folder)
        status = 0
    except BaseException as error:  # pylint: disable=broad-except
        place = traceback.extract_tb(error.__traceback__)[-1]
        why = "%s: %s (%s:%s)" % (
            type(error).__name__, error, Path(place.filename).name, place.lineno,
        )  # fmt: skip
        os.write(pipe, why.encode("utf-8", "replace")[:4096])
    finally:
        os._exit(status)


def _read_all(pipe: int) -> str:
    pieces = iter(lambda: os.read(pipe, 4096), b"")
    return b"".join(pieces).decode("utf-8", "replace")
