"""Do limits of processor time stretch on a slow machine, and only there?"""

from __future__ import annotations

from typing import Iterator, List

import pytest

from grader import slowness
from grader.settling import Limits


@pytest.mark.parametrize(
    "took_ms, factor",
    [
        ([1.6, 1.7], 1.0),  # a machine as usual
        ([4.0, 4.0], 1.0),
        ([0.0, 0.0], 1.0),  # not measurable
        ([60.0, 80.0], 15.0),  # emulated
        ([60.0, 2.0], 1.0),  # held up once
        ([9999.0, 9999.0], slowness.MOST),
    ],
)
def test_the_factor_is_what_a_start_takes(
    took_ms: List[float], factor: float
) -> None:
    times: Iterator[float] = iter(took_ms)
    assert slowness.slowness(lambda: next(times)) == factor


def test_a_start_is_measured() -> None:
    assert 0.0 < slowness.start_ms() < 10_000.0


def test_limits_stretch_what_the_processor_does_and_no_sleep() -> None:
    limits = Limits(20.0, 500.0).stretched(15.0)
    assert limits == Limits(20.0, 7500.0, 900.0, 300.0, 4500.0, 45000.0)


def test_a_usual_machine_keeps_its_limits() -> None:
    assert Limits(20.0, 500.0).stretched(1.0) == Limits(20.0, 500.0)
