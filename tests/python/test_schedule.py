"""Do runs get onto the cores, all of them, once, whatever an arena does?

An arena here is a pair of sockets whose other end the test holds, with the
answers that the test wants. Real arenas are in tests/network.
"""

from __future__ import annotations

import os
import selectors
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional

import made_up_lab
import pytest

from grader import schedule
from grader.arena import ArenaFault
from grader.lab import Lab
from grader.model import Outcome, Program
from grader.room import Room
from grader.run import Tools
from grader.schedule import Schedule, Task

Answer = Callable[[Dict[str, Any]], Optional[Dict[str, Any]]]
TASK = Task((Program("server", ("s",)),), Path("/nowhere"), 7)


class FakeArena:
    """Looks like an arena to the schedule; answers each job at once."""

    answer: Answer
    alive = 0
    most = 0
    opened = 0
    refuse_from = 10**6
    jobs: List[Dict[str, Any]] = []

    def __init__(
        self, work: Any, scratch: Any = None, keep: Any = None
    ) -> None:
        self._read, self._write = os.pipe()
        self._result: Optional[Dict[str, Any]] = None
        self.ended = False
        self.fault: Optional[str] = None
        self._open = True

    def __enter__(self) -> "FakeArena":
        if FakeArena.opened >= FakeArena.refuse_from:
            self.__exit__(None, None, None)
            raise ArenaFault("no more namespaces")
        FakeArena.opened += 1
        FakeArena.alive += 1
        FakeArena.most = max(FakeArena.most, FakeArena.alive)
        return self

    def __exit__(self, *_: object) -> None:
        if self._open:
            os.close(self._read)
            os.close(self._write)
            self._open = False
            FakeArena.alive -= 1 if FakeArena.alive else 0

    def fileno(self) -> int:
        return self._read

    def send(self, job: Dict[str, Any]) -> None:
        FakeArena.jobs.append(job)
        self._result = FakeArena.answer(job)
        if self._result is None:
            self.ended, self.fault = True, "the arena died: signal 9"
        os.write(self._write, b"!")

    def messages(self) -> List[Any]:
        return [] if self._result is None else [self._result]


def result(job: Dict[str, Any], outcome: Outcome) -> Dict[str, Any]:
    return {
        "name": job["case"], "outcome": outcome.value, "reason": "so it was",
        "events": [], "facts": {}, "marks": {"3": "mark"}, "trace_file": None,
        "pcap_file": None,
    }  # fmt: skip


def finish(job: Dict[str, Any]) -> Dict[str, Any]:
    return result(job, Outcome.FINISHED)


@pytest.fixture
def arenas(monkeypatch: pytest.MonkeyPatch) -> type:
    monkeypatch.setattr(schedule, "Arena", FakeArena)
    FakeArena.answer = staticmethod(finish)  # type: ignore
    FakeArena.alive = FakeArena.most = FakeArena.opened = 0
    FakeArena.refuse_from = 10**6
    FakeArena.jobs = []
    return FakeArena


def lab_of(tmp_path: Path, count: int) -> Lab:
    values = ", ".join("'h%d'" % i for i in range(count))
    return made_up_lab.load(
        tmp_path, made_up_lab.SCENARIOS.replace('("h2", "h3")', "[%s]" % values)
    )


def run(loaded: Lab, jobs: int, tmp_path: Path) -> List[Any]:
    tools = Tools(tmp_path, tmp_path, tmp_path)
    with Schedule(loaded.rubric, loaded.cases, tools, tmp_path, jobs) as plan:
        return plan.run(TASK, loaded.cases)


@pytest.mark.parametrize("jobs", [0, 1, 2, 50])
def test_every_case_is_run_once_and_told_in_its_order(
    arenas: Any, tmp_path: Path, jobs: int
) -> None:
    loaded = lab_of(tmp_path, 9)
    records = run(loaded, jobs, tmp_path)
    assert [r.name for r in records] == [case.name for case in loaded.cases]
    assert all(r.outcome is Outcome.FINISHED for r in records)
    assert records[0].marks == {3: "mark"}
    assert len(arenas.jobs) == 9 and arenas.alive == 0
    assert arenas.most <= max(1, jobs) + 1  # one waits with its network ready


def test_no_cases_are_no_work(arenas: Any, tmp_path: Path) -> None:
    assert run(lab_of(tmp_path, 0), 2, tmp_path) == []
    assert arenas.opened == 0


def test_a_job_says_what_to_run(arenas: Any, tmp_path: Path) -> None:
    run(lab_of(tmp_path, 1), 1, tmp_path)
    (job,) = arenas.jobs
    assert job["case"] == "talk[h0 first]" and job["seed"] == 7
    assert job["programs"][0]["argv"] == ("s",)


def test_arenas_are_prepared_beforehand_and_then_used(
    arenas: Any, tmp_path: Path
) -> None:
    loaded = lab_of(tmp_path, 2)
    tools = Tools(tmp_path, tmp_path, tmp_path)
    with Schedule(loaded.rubric, loaded.cases, tools, tmp_path, 2) as plan:
        plan.prepare(2)
        assert arenas.opened == 2 and not arenas.jobs
        plan.run(TASK, loaded.cases)
        assert arenas.opened == 2
        plan.prepare(1)
    assert arenas.alive == 0  # also the one that had no work


def test_a_run_that_fails_on_our_side_is_tried_once_more(
    arenas: Any, tmp_path: Path
) -> None:
    tries: Dict[str, int] = {}

    def answer(job: Dict[str, Any]) -> Dict[str, Any]:
        tries[job["case"]] = tries.get(job["case"], 0) + 1
        first = tries[job["case"]] == 1
        return result(job, Outcome.HARNESS if first else Outcome.STUCK)

    arenas.answer = staticmethod(answer)
    records = run(lab_of(tmp_path, 3), 2, tmp_path)
    assert [r.outcome for r in records] == [Outcome.STUCK] * 3
    assert set(tries.values()) == {2}


def test_a_run_that_always_fails_is_a_record_of_our_fault(
    arenas: Any, tmp_path: Path
) -> None:
    arenas.answer = staticmethod(lambda job: result(job, Outcome.HARNESS))
    records = run(lab_of(tmp_path, 2), 1, tmp_path)
    assert [r.outcome for r in records] == [Outcome.HARNESS] * 2
    assert len(arenas.jobs) == 2 * schedule.TRIES


def test_a_spare_run_that_fails_is_no_fault_that_anybody_pays(
    arenas: Any, tmp_path: Path
) -> None:
    text = made_up_lab.SCENARIOS + (
        "@scenario(spare=True)\ndef once_more(run):\n    pass\n"
    )
    arenas.answer = staticmethod(
        lambda job: None if job["case"] == "once_more" else finish(job)
    )
    records = run(made_up_lab.load(tmp_path, text), 1, tmp_path)
    assert [r.outcome.name for r in records] == ["FINISHED", "FINISHED", "STUCK"]
    assert records[2].reason == "not tried: the arena died: signal 9"
    assert [job["case"] for job in arenas.jobs].count("once_more") == schedule.TRIES


def test_an_arena_that_dies_takes_only_its_own_run_along(
    arenas: Any, tmp_path: Path
) -> None:
    def answer(job: Dict[str, Any]) -> Optional[Dict[str, Any]]:
        return None if "h1" in job["case"] else finish(job)

    arenas.answer = staticmethod(answer)
    records = run(lab_of(tmp_path, 3), 2, tmp_path)
    assert [r.outcome.name for r in records] == [
        "FINISHED", "HARNESS", "FINISHED",
    ]  # fmt: skip
    assert records[1].reason == "the arena died: signal 9"
    assert arenas.alive == 0


def test_where_no_arena_can_be_had_every_run_is_our_fault(
    arenas: Any, tmp_path: Path
) -> None:
    arenas.refuse_from = 0
    records = run(lab_of(tmp_path, 3), 2, tmp_path)
    assert [r.outcome for r in records] == [Outcome.HARNESS] * 3
    assert "no more namespaces" in records[0].reason


def test_where_arenas_run_short_the_rest_waits_for_room(
    arenas: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arenas.refuse_from = 1
    close = FakeArena.__exit__

    def and_make_room(arena: FakeArena, *_: object) -> None:
        if arena._open and arena._result is not None:
            arenas.refuse_from += 1
        close(arena)

    monkeypatch.setattr(FakeArena, "__exit__", and_make_room)
    records = run(lab_of(tmp_path, 4), 2, tmp_path)
    assert [r.outcome for r in records] == [Outcome.FINISHED] * 4


def test_runs_that_are_slow_let_others_begin(
    arenas: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While programs sleep the processors have time for more."""
    waiting: List[Any] = []
    monkeypatch.setattr(schedule, "IDLE_S", 0.01)
    monkeypatch.setattr(
        schedule, "Room", lambda jobs, slower: Room(jobs, slower, lambda: 1.0)
    )
    send = FakeArena.send

    def hold_back(arena: FakeArena, job: Dict[str, Any]) -> None:
        waiting.append((arena, job))
        if len(waiting) == 4:
            for held, its_job in waiting:
                send(held, its_job)

    monkeypatch.setattr(FakeArena, "send", hold_back)
    records = run(lab_of(tmp_path, 4), 1, tmp_path)
    assert len(records) == 4 and arenas.most == 4


def test_an_interrupt_closes_every_arena(
    arenas: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(self: Any, timeout: Any = None) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(selectors.DefaultSelector, "select", interrupt)
    with pytest.raises(KeyboardInterrupt):
        run(lab_of(tmp_path, 4), 2, tmp_path)
    assert arenas.opened > 1 and arenas.alive == 0
