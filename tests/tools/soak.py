"""Does a verdict ever change when the machine is overloaded?

Grades the labs' examples in random order, far more at once than there are
processors, beside processes that only take processor time and memory, and
compares every verdict with the one that the example must get.

    soak.py [--seed SEED] [--workers W] [--keep DIR] N [LAB ...]

Prints `N gradings, K wrong`; exits 1 when K > 0. What a wrong grading left
(report, traces, pcaps, messages) stays in DIR. Everything that is started here
is ended here by its id, on Ctrl-C too.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import selectors
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Dict, Iterator, List, Optional, Sequence

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab as labs  # noqa: E402
from grader import verify  # noqa: E402
from grader.lab import Lab  # noqa: E402
from grader.verify import Example  # noqa: E402

#: A grading that takes longer is wrong. The slowest example takes ten seconds
#: when it is alone.
MOST_S = 900.0
#: How long a grading that was interrupted may take to clear up.
GRACE_S = 20.0
MEMORY_MIB = 1024
PROGRESS_S = 20.0
WORKERS_A_CORE = 3


@dataclass(frozen=True)
class Job:
    """One grading that is to be done."""

    number: int
    lab: Lab
    example: Example
    seed: int


@dataclass
class Running:
    """One grading that goes on, with what it has printed so far."""

    job: Job
    process: "subprocess.Popen[bytes]"
    folder: Path
    end: float  # by the monotonic clock
    said: List[bytes] = field(default_factory=list)

    @property
    def output(self) -> IO[bytes]:
        assert self.process.stdout is not None
        return self.process.stdout


# ---- the load --------------------------------------------------------------


def burn(mib: int) -> None:
    """Use a processor and this much memory until the parent is gone."""
    parent = os.getppid()
    room = bytearray(mib << 20)
    at = 0
    while os.getppid() == parent:
        for _ in range(1000):
            room[at] = (room[at] + 1) & 255
            at = (at + 4096) % len(room)


@contextlib.contextmanager
def load(count: int) -> Iterator[None]:
    """So many processes that burn, with MEMORY_MIB in all."""
    command = [sys.executable, __file__, "--burn", str(MEMORY_MIB // count)]
    burning: List["subprocess.Popen[bytes]"] = []
    try:
        for _ in range(count):
            burning.append(
                subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, start_new_session=True
                )
            )
        yield
    finally:
        for process in burning:
            process.kill()
        for process in burning:
            process.wait()


# ---- the gradings ----------------------------------------------------------


def jobs(chosen: Sequence[Lab], count: int, seed: int) -> Iterator[Job]:
    """Every example in a random order, then all of them in another one."""
    source = random.Random(seed)
    every = [(lab, e) for lab in chosen for e in verify.examples(lab)]
    left: List[int] = []
    for number in range(1, count + 1):
        if not left:
            left = list(range(len(every)))
            source.shuffle(left)
        lab, example = every[left.pop()]
        yield Job(number, lab, example, source.randrange(1, 1 << 31))


def start(job: Job, keep: Path) -> Running:
    name = "%05d-%s-%s" % (
        job.number, job.lab.name, job.example.name.replace("/", "-")
    )  # fmt: skip
    folder = keep / name
    folder.mkdir(parents=True)
    with open(folder / "messages.txt", "wb") as messages:
        process = subprocess.Popen(
            [
                str(REPO / "grader" / "mngrade"), "grade",
                str(job.lab.folder), str(job.example.folder),
                "--seed", str(job.seed), "--json", "-", "--keep", str(folder / "runs"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=messages,
            start_new_session=True,  # Ctrl-C is passed on by us, by id
        )  # fmt: skip
    return Running(job, process, folder, time.monotonic() + MOST_S)


def faults(running: Running) -> List[str]:
    """What differs from what must be, once the grading has ended."""
    job, text = running.job, b"".join(running.said)
    status = running.process.wait()
    if time.monotonic() > running.end:
        return ["it took more than %g s" % MOST_S]
    (running.folder / "report.json").write_bytes(text)
    try:
        report = json.loads(text)
        got = {
            row["id"]: (row["verdict"], row["reason"]) for row in report["criteria"]
        }
        told = {insight["id"] for insight in report["insights"]}
        slow = all(run["outcome"] != "left-out" for run in report["scenarios"])
    except (ValueError, KeyError) as error:
        return ["no report (exit status %d): %r" % (status, error)]
    manual = {c.id for c in job.lab.rubric.criteria if c.manual}
    return verify.differences(job.example.where_links_are(slow), manual, got, told)


def end(running: Running) -> None:
    """Interrupt a grading; kill it where it does not end by itself."""
    running.process.send_signal(signal.SIGINT)
    try:
        running.process.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        running.process.kill()
        running.process.wait()


class Soak:
    """The gradings that go on, and the count of those that are done."""

    def __init__(self, todo: Iterator[Job], workers: int, keep: Path) -> None:
        self.todo = todo
        self.workers = workers
        self.keep = keep
        self.done = 0
        self.wrong = 0
        self._running: Dict[int, Running] = {}
        self._selector = selectors.DefaultSelector()
        self._begun = self._told = time.monotonic()

    def run(self, count: int) -> None:
        try:
            while self._fill() or self._running:
                for key, _events in self._selector.select(1.0):
                    self._read(self._running[key.fd])
                self._check_time()
                self._progress(count)
        finally:
            for running in self._running.values():
                end(running)
            self._selector.close()

    def _fill(self) -> bool:
        while len(self._running) < self.workers:
            job: Optional[Job] = next(self.todo, None)
            if job is None:
                return False
            running = start(job, self.keep)
            self._running[running.output.fileno()] = running
            self._selector.register(running.output, selectors.EVENT_READ)
        return True

    def _read(self, running: Running) -> None:
        piece = os.read(running.output.fileno(), 1 << 16)
        if piece:
            running.said.append(piece)
            return
        self._selector.unregister(running.output)
        del self._running[running.output.fileno()]
        running.output.close()
        self._count(running, faults(running))

    def _count(self, running: Running, found: Sequence[str]) -> None:
        self.done += 1
        if not found:
            shutil.rmtree(running.folder)
            return
        self.wrong += 1
        job = running.job
        print("WRONG %s/%s, seed %d: %s" % (
            job.lab.name, job.example.name, job.seed, running.folder
        ))  # fmt: skip
        for fault in found:
            print("      " + fault)
        (running.folder / "wrong.txt").write_text("\n".join(found) + "\n")
        sys.stdout.flush()

    def _check_time(self) -> None:
        for running in list(self._running.values()):
            if time.monotonic() > running.end:
                end(running)  # its output ends with it, and is read next

    def _progress(self, count: int) -> None:
        now = time.monotonic()
        if now - self._told < PROGRESS_S:
            return
        self._told = now
        print("  %d of %d gradings, %d wrong, %.0f s" % (
            self.done, count, self.wrong, now - self._begun
        ), flush=True)  # fmt: skip


def main(arguments: Sequence[str]) -> int:
    if arguments[:1] == ["--burn"]:
        burn(int(arguments[1]))
        return 0
    cores = len(os.sched_getaffinity(0))
    parser = argparse.ArgumentParser(description="grade examples under load")
    parser.add_argument("count", metavar="N", type=int)
    parser.add_argument("labs", metavar="LAB", nargs="*")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=WORKERS_A_CORE * cores)
    parser.add_argument("--keep", type=Path, default=REPO / "build" / "soak")
    options = parser.parse_args(arguments)
    chosen = [labs.load(name) for name in options.labs or labs.available()]
    if options.keep.exists():
        shutil.rmtree(options.keep)
    soak = Soak(
        jobs(chosen, options.count, options.seed), options.workers, options.keep
    )
    try:
        with load(cores):
            soak.run(options.count)
    except KeyboardInterrupt:
        print("interrupted")
        return 130
    finally:
        print("%d gradings, %d wrong" % (soak.done, soak.wrong), flush=True)
    return 1 if soak.wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
