"""Do more runs begin where processors have nothing to do, and only there?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import List, Optional

import pytest

from grader import room
from grader.api import Case
from grader.links import Link, Wanted
from grader.room import Idleness, Room


def case(links: bool) -> Case:
    wanted: Wanted = {"h2": Link(delay_ms=300)} if links else {}
    return Case("made up", lambda run: None, {}, (), None, links=wanted)


FAST, FAR = case(False), case(True)


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def looks(
    times: int, idle: Optional[float], slower: float = 1.0, jobs: int = 1
) -> int:
    """The runs that may go on at once after so many looks to no effect."""
    clock = Clock()
    here = Room(jobs, slower, lambda: idle, clock)
    for _ in range(times):
        clock.now_s += room.IDLE_S
        here.silence()
    busy: List[Case] = []
    while here.has(FAST, busy):
        busy.append(FAST)
    return len(busy)


@pytest.mark.parametrize(
    "times, idle, slower, jobs, runs",
    [
        (0, 1.0, 1.0, 1, 1),
        (0, 1.0, 1.0, 2, 2),
        (0, 1.0, 1.0, 0, 1),  # one at least
        (1, 1.0, 1.0, 1, 2),
        (3, 1.0, 1.0, 2, 5),
        (99, 1.0, 1.0, 1, 1 + room.MOST_EXTRA),
        (3, None, 1.0, 1, 4),  # nobody can tell whether they idle
        (3, 0.7, 1.0, 1, 1),  # at work
        (6, 0.0, 1.0, 1, 2),  # somebody else's work, perhaps
        (12, 0.0, 1.0, 1, 3),
        (12, 0.0, 0.3, 1, 3),
        (12, 0.0, 5.0, 1, 1),  # a slow machine
        (30, 0.0, 5.0, 1, 2),
        (3, 2.0, 5.0, 1, 4),  # a slow machine at rest
    ],
)
def test_so_many_runs_go_on_at_once(
    times: int, idle: Optional[float], slower: float, jobs: int, runs: int
) -> None:
    assert looks(times, idle, slower, jobs) == runs


def test_what_comes_of_a_run_begins_the_wait_anew() -> None:
    clock = Clock()
    here = Room(1, 1.0, lambda: 0.0, clock)
    for _ in range(20):
        clock.now_s += room.BUSY_S - 0.1
        here.heard()
        here.silence()
    assert not here.has(FAST, [FAST])


@pytest.mark.parametrize(
    "slower, next_one, busy, has",
    [
        (1.0, FAR, [FAST, FAR, FAR], True),  # it is idle for most of its time
        (1.0, FAST, [FAR, FAR], True),
        (1.0, FAST, [FAST, FAR], False),
        (5.0, FAR, [FAST], False),  # here it is not
        (5.0, FAST, [FAR], False),
        (5.0, FAR, [], True),
    ],
)
def test_slow_links_take_no_room_on_a_machine_that_is_not_slow(
    slower: float, next_one: Case, busy: List[Case], has: bool
) -> None:
    assert Room(1, slower, lambda: 0.0).has(next_one, busy) is has


# ---- what the kernel says -------------------------------------------------


def stat(path: Path, *processors: str) -> Path:
    lines = ["cpu  9 9 9 9 9 9 9 9 9 9"]
    numbers = sorted(os.sched_getaffinity(0))
    lines += ["cpu%d %s" % pair for pair in zip(numbers, processors)]
    path.write_text("\n".join(lines + ["intr 1 2 3", ""]), encoding="ascii")
    return path


def test_idle_processors_are_counted_from_one_question_to_the_next(
    tmp_path: Path,
) -> None:
    ours = len(os.sched_getaffinity(0))
    path = stat(tmp_path / "stat", *["10 0 10 100 5 0 0 0 7 7"] * ours)
    idleness = Idleness(path)
    assert idleness.processors() is None  # no time has passed
    stat(path, *["40 0 20 130 35 0 0 0 99 99"] * ours)
    assert idleness.processors() == pytest.approx(ours * 60 / 100)
    stat(path, *["50 0 20 130 35 0 0 0 99 99"] * ours)
    assert idleness.processors() == 0.0


@pytest.mark.parametrize("text", ["", "cpu0 what is this\n", "cpu0 1 2\n"])
def test_where_it_cannot_be_known_none_is_said(tmp_path: Path, text: str) -> None:
    path = tmp_path / "stat"
    path.write_text(text, encoding="ascii")
    assert Idleness(path).processors() is None
    assert Idleness(tmp_path / "missing").processors() is None


def test_this_machine_says_how_idle_it_is() -> None:
    assert Idleness()._ticks() is not None
