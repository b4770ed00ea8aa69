"""What does labrun make of programs that sleep, nap, spin or are stopped?

Such a program may never be blocked without a timer. Each test knows what the
rule of c_src/PROTOCOL.md makes of it.
"""

from __future__ import annotations

from typing import Any

import pytest
from labrun_client import PYTHON, Labrun, Load, waits


@pytest.mark.parametrize("crowd", [0, 2, 8])
def test_a_plain_sleep_is_waited_for_also_when_crowded(crowd: int) -> None:
    """Work between two sleeps is cut up by a crowd; it is no napping."""
    source = """
import time
time.sleep(0.1)
start = time.process_time()
while time.process_time() < start + 0.08:
    pass
time.sleep(0.2)
print("done")
input()
"""
    with Load(crowd, nice=10):
        for _ in range(3):
            with Labrun() as run:
                run.host()
                run.python("p", source)
                run.settled(busy_ms=60000)
                assert run.output("p") == "done\n"


def test_a_sleep_longer_than_the_limit_is_called_sleeping() -> None:
    with Labrun() as run:
        run.host()
        run.start("p", ["/bin/sleep", "1000"])
        state = run.settle(limit_ms=100)
        assert state["outcome"] == "sleeping"
        assert waits(state, "p") == ["sleep"]
        assert 100 <= state["waited_ms"] < 60000


def test_a_napper_settles_and_faster_when_known() -> None:
    source = """
import os, select, time
while not select.select([0], [], [], 0)[0]:
    time.sleep(0.05)
print(input())
while True:
    time.sleep(0.05)
"""
    with Labrun() as run:
        run.host()
        run.python("p", source)
        first = run.settled()
        assert first["waited_ms"] >= 150  # it napped three times
        second = run.settled()
        run.type("p", "word\n")
        run.settled()
        assert run.output("p") == "word\n"
        assert second["waited_ms"] < first["waited_ms"]


def test_patience_lets_a_time_limit_run_out() -> None:
    source = """
import select
select.select([0], [], [], 0.3)
print("over")
input()
"""
    with Labrun() as run:
        run.host()
        run.python("p", source)
        assert run.settled()["threads"][0]["timed"]
        assert run.output("p") == ""
        run.settled(patience_ms=20000)
        assert run.output("p") == "over\n"


def test_patience_ends_with_a_program_that_only_polls() -> None:
    source = "import select\nwhile True: select.select([0], [], [], 0.02)"
    with Labrun() as run:
        run.host()
        run.python("p", source)
        state = run.settled(patience_ms=60000, limit_ms=30000)
        assert state["waited_ms"] >= 20
        assert waits(state, "p") == ["poll"]


def test_a_spin_is_called_busy_and_soon_when_known() -> None:
    with Labrun() as run:
        run.host()
        run.python("p", "while True: pass")
        first = run.settle(limit_ms=60000, busy_ms=400)
        second = run.settle(limit_ms=60000, busy_ms=400)
        assert first["outcome"] == second["outcome"] == "busy"
        assert first["waited_ms"] >= 300
        assert second["waited_ms"] < first["waited_ms"]
        run.do("signal", program="p", signal="STOP")
        assert waits(run.settled(), "p") == ["stopped"]


def test_work_that_ends_is_not_called_busy() -> None:
    source = """
import time
start = time.process_time()
while time.process_time() < start + 0.3:
    pass
print("done")
input()
"""
    with Labrun() as run:
        run.host()
        run.python("p", source)
        run.settled(busy_ms=2000)
        assert run.output("p") == "done\n"


POLL = "import select; p = select.poll(); p.register(0, 1); p.poll(1000000)"


@pytest.mark.parametrize(
    "argv, wait",
    [
        (["/bin/sleep", "1000"], "sleep"),
        ([PYTHON, "-c", "import time; time.sleep(1000)"], "sleep"),
        ([PYTHON, "-c", POLL], "poll"),
        (["/bin/cat"], "terminal"),
    ],
)
def test_a_call_is_known_again_after_a_stop(argv: Any, wait: str) -> None:
    with Labrun() as run:
        run.host()
        run.start("p", argv)
        assert waits(run.settle(limit_ms=500), "p") == [wait]
        for _ in range(3):
            run.do("signal", program="p", signal="STOP")
            assert waits(run.settled(), "p") == ["stopped"]
            run.do("signal", program="p", signal="CONT")
            state = run.settle(limit_ms=500)
            assert waits(state, "p") == [wait]
            expected = "sleeping" if wait == "sleep" else "settled"
            assert state["outcome"] == expected
