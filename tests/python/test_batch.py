"""Does a batch finish whatever its workers do, and lose nothing?

The workers are real processes; what they would grade is made up.
"""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

import pytest

from grader import batch, batch_worker, lab
from grader.batch import Batch, BatchError, Done, Watcher
from grader.batch_worker import Known, Plan
from grader.gradebook import Gradebook
from grader.gradebook_model import Basis
from grader.intake import HandIn

REPO = Path(__file__).resolve().parent.parent.parent
LAB = lab.load("order")
PLAN = Plan(LAB, 1, 1, False, False, "lab", "runs", "1", "{}")


def fake(plan: Plan, hand_in: HandIn, folder: Path) -> None:
    """A worker that does what the hand-in's name says."""
    tries = folder.with_name(folder.name + ".tries")
    with tries.open("a") as out:
        out.write("x")
    if "dies" in hand_in.name or ("once" in hand_in.name and tries.read_text() == "x"):
        os.kill(os.getpid(), signal.SIGKILL)
    if "raises" in hand_in.name:
        raise RuntimeError("it went wrong")
    if "hangs" in hand_in.name:
        select.select([], [], [])
    folder.mkdir(exist_ok=True)
    report = batch_worker.not_done(plan.lab, hand_in.name, plan.seed, "made up")
    report.update(status="graded", points=5)
    report["criteria"][0].update(verdict="pass", points=5)
    (folder / batch_worker.REPORT).write_text(json.dumps(report))
    basis = Basis(hand_in.name, plan.lab_sha256, plan.version, plan.machine)
    known = Known(basis, plan.runs_sha256, plan.seed)
    (folder / batch_worker.BASIS).write_text(json.dumps(asdict(known)))


class Seen(Watcher):
    def __init__(self) -> None:
        self.all: List[Done] = []
        self.most = 0

    def done(self, done: Done, left: int) -> None:
        self.all.append(done)

    def waits(self, running: Sequence[Tuple[str, float]], left: int) -> None:
        self.most = max(self.most, len(running))

    @property
    def hows(self) -> Dict[str, str]:
        return {one.name: one.how for one in self.all}


@pytest.fixture(autouse=True)
def _fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_worker, "work", fake)


def run(out: Path, *names: str, places: int = 2) -> Seen:
    hand_ins = [HandIn(name, ()) for name in names]
    seen = Seen()
    with Batch(out, PLAN, places) as work:
        with Gradebook(out) as book:
            for name in names:
                work.numbers[name] = book.add_submission("order", name)
        work.run(hand_ins, seen)
    return seen


def points(out: Path) -> Dict[str, Any]:
    with Gradebook(out) as book:
        return {mark.name: (mark.status, mark.points) for mark in book.marks()}


def test_everyone_gets_into_the_gradebook(tmp_path: Path) -> None:
    names = ["team%d" % n for n in range(9)]
    seen = run(tmp_path, *names, places=3)
    assert seen.hows == dict.fromkeys(names, "graded")
    assert 1 < seen.most <= 3
    assert points(tmp_path) == dict.fromkeys(names, ("graded", 5.0))


def test_a_worker_that_dies_costs_nobody_anything(tmp_path: Path) -> None:
    seen = run(tmp_path, "a", "dies", "b", "raises", "once", "c")
    assert seen.hows["dies"] == "the grader was killed by signal 9"
    assert seen.hows["raises"].startswith("RuntimeError: it went wrong (test_batch.py:")
    assert {seen.hows[name] for name in ("a", "b", "c", "once")} == {"graded"}
    found = points(tmp_path)
    assert found["dies"] == ("incomplete", 0.0) and found["c"] == ("graded", 5.0)
    folder = tmp_path / batch.SUBMISSIONS
    assert (folder / "dies.tries").read_text() == "xx"
    with Gradebook(tmp_path) as book:
        mark = next(mark for mark in book.marks() if mark.name == "dies")
    assert {row.verdict.value for row in mark.rows} == {"not-judged"}


def test_one_that_hangs_gives_its_place_away_and_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batch, "SLOW_S", 0.1)
    monkeypatch.setattr(batch, "DEADLINE_S", 2.0)
    seen = run(tmp_path, "hangs", "a", "b", places=1)
    assert [one.name for one in seen.all] == ["a", "b", "hangs"]
    assert seen.hows["hangs"] == "it took more than 2 s"


def test_the_same_again_adds_nothing(tmp_path: Path) -> None:
    run(tmp_path, "a", "b")
    with Gradebook(tmp_path) as book:
        before = book.history()
    seen = run(tmp_path, "a", "b")
    assert set(seen.hows.values()) == {"unchanged"}
    with Gradebook(tmp_path) as book:
        assert book.history() == before


def test_what_was_graded_but_not_yet_entered_is_entered(tmp_path: Path) -> None:
    """As after kill -9 between a worker's end and the gradebook."""
    folder = tmp_path / batch.SUBMISSIONS / "a"
    folder.parent.mkdir()
    fake(PLAN, HandIn("a", ()), folder)
    run(tmp_path, "a")
    assert points(tmp_path) == {"a": ("graded", 5.0)}


def test_two_batches_may_not_write_one_folder(tmp_path: Path) -> None:
    with Batch(tmp_path, PLAN, 1):
        with pytest.raises(BatchError, match="another batch is writing it"):
            with Batch(tmp_path, PLAN, 1):
                pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BatchError, match="file: "):
        with Batch(tmp_path / "file", PLAN, 1):
            pass


def test_no_worker_outlives_the_batch(tmp_path: Path) -> None:
    class Stop(Seen):
        def waits(self, running: Sequence[Tuple[str, float]], left: int) -> None:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        with Batch(tmp_path, PLAN, 2) as work:
            work.run([HandIn("hangs", ()), HandIn("hangs2", ())], Stop())
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


KILLED = """
import sys
sys.path[:0] = [{tests!r}, {repo!r}]
import test_batch
from grader import batch_worker
batch_worker.work = test_batch.fake
test_batch.run(test_batch.Path({out!r}), "hangs")
"""


def test_no_worker_outlives_a_batch_that_is_killed(tmp_path: Path) -> None:
    script = KILLED.format(
        tests=str(Path(__file__).parent), repo=str(REPO), out=str(tmp_path)
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    tries = tmp_path / batch.SUBMISSIONS / "hangs.tries"
    while not tries.is_file():
        assert process.poll() is None
    workers = _children(process.pid)
    assert len(workers) == 1
    process.kill()
    process.wait()
    while any(_runs(pid) for pid in workers):
        pass  # the kernel ends them; the test's own limit is the bound


def _children(pid: int) -> List[int]:
    task = Path("/proc/%d/task/%d/children" % (pid, pid))
    return [int(child) for child in task.read_text().split()]


def _runs(pid: int) -> bool:
    try:
        state = Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_only_the_newest_results_of_a_name_count(tmp_path: Path) -> None:
    run(tmp_path, "a")
    other = replace(PLAN, version="2")
    with Batch(tmp_path, other, 1) as work:
        with Gradebook(tmp_path) as book:
            work.numbers["a"] = book.add_submission("order", "a")
        work.run([HandIn("a", ())], Seen())
    with Gradebook(tmp_path) as book:
        assert len(book.gradings(work.numbers["a"])) == 2
    assert points(tmp_path) == {"a": ("graded", 5.0)}
