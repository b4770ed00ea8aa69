"""Do limits of processor time stretch on a slow machine, and only there?"""

from __future__ import annotations

from typing import Iterator, List

import pytest

from grader import slowness
from grader.settling import STARTS, Limits


@pytest.mark.parametrize(
    "took_ms, slower",
    [
        ([0.6, 0.7], 0.6),  # a machine as usual
        ([2.0, 2.0], 2.0),  # an old one
        ([0.0, 0.0], 0.0),  # not measurable
        ([15.0, 20.0], 15.0),  # emulated
        ([60.0, 0.6], 0.6),  # held up once
        ([9999.0, 9999.0], slowness.MOST),
    ],
)
def test_the_factor_is_what_a_start_takes(
    took_ms: List[float], slower: float
) -> None:
    times: Iterator[float] = iter(took_ms)
    assert slowness.factor(lambda: next(times)) == slower


def test_a_start_is_measured() -> None:
    assert 0.0 < slowness.start_ms() < 10_000.0


def test_it_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    known = slowness.slowness()
    monkeypatch.setattr(slowness, "start_ms", lambda: 7.0)
    assert slowness.slowness() == known
    slowness.slowness.cache_clear()
    assert slowness.slowness() == 7.0
    slowness.slowness.cache_clear()


def test_limits_stretch_what_the_processor_does_and_no_sleep() -> None:
    limits = Limits(20.0, 500.0).stretched(15.0)
    assert limits == Limits(20.0, 7500.0, 900.0, 300.0, 4500.0, 37500.0)


@pytest.mark.parametrize("factor", [0.0, 0.2, 0.6, 1.0])
def test_a_usual_machine_keeps_its_limits(factor: float) -> None:
    start_ms = max(500.0, 500.0 * factor * STARTS)
    kept = Limits(20.0, 500.0, start_ms=start_ms)
    assert Limits(20.0, 500.0).stretched(factor) == kept


def test_a_machine_that_is_a_little_slower_is_given_a_little_more() -> None:
    """There is no step, below which a machine that is almost as slow as the
    next is given five times less."""
    factors = [number / 10 for number in range(1, 201)]
    starts = [Limits().stretched(factor).start_ms for factor in factors]
    steps = [later - sooner for sooner, later in zip(starts, starts[1:])]
    assert min(steps) >= 0.0
    assert max(steps) <= 0.11 * Limits().busy_ms * STARTS
