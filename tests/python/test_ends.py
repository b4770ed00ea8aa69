"""Is a program that ended told from one that crashed?"""

from __future__ import annotations

from typing import Any, Dict

import pytest

from grader.ends import End, before_crash
from grader.model import Outcome, ScenarioRecord
from grader.trace import Trace

TRACEBACK = "Traceback (most recent call last):\n  File \"s.py\", line 9\n"


def ended(said: str, how: Dict[str, Any], **facts: Any) -> Trace:
    """A run in which the server says this and ends so."""
    events = (
        {"n": 1, "ev": "started", "program": "server"},
        {"n": 2, "ev": "output", "program": "server", "text": said},
        {"n": 3, "ev": "exit", "program": "server", **how},
    )
    record = ScenarioRecord("run", Outcome.FINISHED, events=events, facts=facts)
    return Trace(record)


@pytest.mark.parametrize(
    "said, how, crashed",
    [
        ("bye", {"code": 0}, False),
        ("number out of range", {"code": 1}, False),
        ("", {"signal": "TERM"}, False),  # its own other half may send it
        ("", {"signal": "KILL"}, False),
        ("", {"signal": "ABRT"}, True),
        ("", {"signal": "SEGV"}, True),
        (TRACEBACK + "ValueError: invalid literal", {"code": 1}, True),
        (TRACEBACK + "OSError: [Errno 9] Bad file descriptor", {"code": 1}, False),
        ('Exception in thread "main" java.net.SocketException: Socket closed\n'
         "\tat Server.main(Server.java:9)", {"code": 1}, False),
        ('Exception in thread "main" java.util.InputMismatchException\n'
         "\tat Server.main(Server.java:9)", {"code": 1}, True),
    ],
)
def test_an_end_is_told_from_a_crash(
    said: str, how: Dict[str, Any], crashed: bool
) -> None:
    end = End(ended(said, how))
    assert bool(end.crash) is crashed
    assert end.n == 3


def test_what_we_end_has_not_ended_by_itself() -> None:
    trace = ended(TRACEBACK, {"signal": "ABRT"}, closing=2)
    assert End(trace).event is None
    assert not End(trace).crash
    assert End(trace, end=3).crash == "signal SIGABRT"


def test_a_program_that_runs_again_has_not_ended() -> None:
    trace = ended("", {"signal": "SEGV"})
    again = {"n": 4, "ev": "started", "program": "server"}
    record = ScenarioRecord("run", Outcome.FINISHED, events=(*trace.events, again))
    assert End(Trace(record)).event is None


def test_the_numbers_of_a_traceback_are_not_the_programs() -> None:
    assert before_crash("sum: 59\n" + TRACEBACK).strip() == "sum: 59"
