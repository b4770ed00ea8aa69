"""Is a busy machine borne with, and never taken for the program's fault?"""

from __future__ import annotations

from typing import Any, Dict, List, cast

import pytest

from grader.instrument import InstrumentFault, Session
from grader.settling import Limits, Settling

STARVED = {"outcome": "deadline", "starved": True}


class Told:
    """A session whose settling ends as it was told to, and takes no time."""

    def __init__(self, outcomes: List[Dict[str, Any]]) -> None:
        self.events: List[Dict[str, Any]] = []
        self._outcomes = outcomes

    def settle(self, *_: Any, **_options: Any) -> Dict[str, Any]:
        event = {"ev": "state", "n": len(self.events) + 1, "threads": [],
                 "sockets": [], **self._outcomes.pop(0)}  # fmt: skip
        self.events.append(event)
        return event


def settling(*outcomes: Dict[str, Any], run_s: float = 60.0) -> Settling:
    session = cast(Session, Told(list(outcomes)))
    return Settling(session, Limits(settle_s=20.0, run_s=run_s), lambda *_: None)


def test_a_program_that_got_no_processor_for_a_while_is_waited_for() -> None:
    waits = settling(STARVED, STARVED, {"outcome": "settled"})
    assert waits.settle().outcome == "settled"


def test_that_time_is_not_taken_from_the_run() -> None:
    waits = settling(STARVED, {"outcome": "settled"})
    before = waits._until
    waits.settle()
    assert waits._until > before + 1


def test_a_machine_that_stays_busy_is_our_fault() -> None:
    waits = settling(*[STARVED] * 50)
    with pytest.raises(InstrumentFault, match="no processor for 20 s"):
        waits.settle()
