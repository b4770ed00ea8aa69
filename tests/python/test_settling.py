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
        self.spins_ms: List[float] = []
        self._outcomes = outcomes

    def settle(
        self, _limit_s: float, _patience_s: float, busy_ms: float, **_options: Any
    ) -> Dict[str, Any]:
        self.spins_ms.append(busy_ms)
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


LIFE = {"ev": "output", "program": "h2"}
SOCKET = {
    "host": "h2", "program": "h2", "state": "ESTABLISHED", "local": "10.0.0.2:1",
    "peer": "10.0.0.1:2", "recv_q": 0, "send_q": 0, "inode": 7,
}  # fmt: skip


@pytest.mark.parametrize(
    "factor, before, then, spin_ms",
    [
        (0.1, [], {}, 500.0),
        (0.5, [], {}, 1250.0),
        (0.5, [LIFE], {}, 500.0),
        (4.0, [], {}, 10000.0),
        (4.0, [LIFE], {}, 2000.0),
        (4.0, [{"ev": "exit", "program": "h2"}], {}, 2000.0),
        (4.0, [], {"sockets": [SOCKET]}, 2000.0),
    ],
)
def test_a_start_may_take_longer_than_what_follows(
    factor: float, before: List[Dict[str, Any]], then: Dict[str, Any], spin_ms: float
) -> None:
    told = Told([{"outcome": "settled", **then}, {"outcome": "settled"}])
    told.events += [{"ev": "started", "program": "h2"}, *before]
    limits = Limits().stretched(factor)
    waits = Settling(cast(Session, told), limits, lambda *_: None)
    waits.settle()
    waits.settle()
    assert told.spins_ms[-1] == spin_ms
