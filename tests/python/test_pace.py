"""Do we see that nothing goes on but a program that says the same for ever?"""

from __future__ import annotations

from typing import Any, Dict, List, Set

import pytest

from grader.model import Event
from grader.pace import only_ticks
from grader.state import State

NONE: Set[str] = set()


def said(*texts: str, program: str = "server") -> List[Event]:
    return [{"ev": "output", "program": program, "text": t} for t in texts]


def asleep(*programs: str) -> State:
    threads: List[Dict[str, Any]] = [
        {"program": program, "wait": "sleep"} for program in programs
    ]
    fields = {"n": 1, "outcome": "sleeping", "threads": threads, "sockets": []}
    return State(fields)


@pytest.mark.parametrize(
    "texts",
    [
        ["waiting\n"] * 3,
        ["waiting %d\n" % n for n in range(9, 12)],  # it counts
        ["\rwait |", "\rwait /", "\rwait -"],  # it turns
        ["waiting\n", "...\n"] * 3,  # two lines that take turns
    ],
)
def test_the_same_again_and_again_is_a_tick(texts: List[str]) -> None:
    assert only_ticks(said(*texts), asleep("server"), NONE) == {"server"}


def test_twice_is_enough_for_one_that_is_known() -> None:
    events = said("waiting\n", "waiting\n")
    assert only_ticks(events, asleep("server"), NONE) == NONE
    assert only_ticks(events, asleep("server"), {"server"}) == {"server"}


@pytest.mark.parametrize(
    "news",
    [
        {"ev": "exit", "program": "h2", "code": 0},
        {"ev": "packet", "len": 5, "flags": "PA"},
        {"ev": "packet", "len": 0, "flags": "FA"},
        {"ev": "output", "program": "server", "text": "Client X connected\n"},
        {"ev": "output", "program": "h2", "text": "Client X connected\n"},
    ],
)
def test_it_has_to_come_round_again_after_news(news: Event) -> None:
    ticks = said("waiting\n", "waiting\n", "waiting\n")
    assert not only_ticks(ticks[:2] + [news] + ticks[:1], asleep("server"), NONE)
    assert only_ticks([news] + ticks, asleep("server"), NONE)


def test_a_bare_acknowledgement_is_no_news() -> None:
    ack = {"ev": "packet", "len": 0, "flags": "A"}
    events = said("waiting\n", "waiting\n") + [ack] + said("waiting\n")
    assert only_ticks(events, asleep("server"), NONE)


def test_another_program_that_sleeps_is_waited_for() -> None:
    ticks = said(*["waiting\n"] * 5)
    assert not only_ticks(ticks, asleep("server", "h2"), NONE)
    assert not only_ticks(ticks, asleep("server", "server"), NONE)


def test_silence_is_no_tick() -> None:
    assert not only_ticks([], asleep("server"), {"server"})
