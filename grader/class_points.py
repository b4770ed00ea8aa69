"""How are the points of a class distributed?

Each mark is taken as a share of what has been decided for it, so that a class
whose manual rows still wait can be read as well. A bonus may bring a mark
above the maximum: the last bin holds all from the full mark on.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from typing import List, Optional, Sequence, Tuple

from grader.gradebook_model import Mark

BINS = 10


@dataclass(frozen=True)
class Bin:
    """So many marks have a share from `least` up to the next bin's."""

    least: int  # percent
    most: int  # percent, not in it; 0 for the full marks
    count: int
    height: float  # percent of the highest bin


@dataclass(frozen=True)
class Distribution:
    """All of it, and what is said of it in a line; shares in percent."""

    bins: Tuple[Bin, ...]
    count: int
    median: float
    mean: float
    lowest: float
    highest: float


def share(mark: Mark) -> Optional[float]:
    """Percent of the points that are decided; None where none are."""
    sure = mark.max_points if mark.whole else mark.max_points - mark.pending_points
    if mark.points is None or sure <= 0:
        return None
    return 100 * mark.points / sure


def distribution(marks: Sequence[Mark]) -> Optional[Distribution]:
    """Of all marks that have a share; None where there are none."""
    shares = [one for one in map(share, marks) if one is not None]
    if not shares:
        return None
    counts = [0] * (BINS + 1)
    for one in shares:
        counts[max(0, min(BINS, int(one * BINS / 100 + 1e-9)))] += 1
    step = 100 // BINS
    bins: List[Bin] = []
    for at, count in enumerate(counts):
        most = 0 if at == BINS else (at + 1) * step
        bins.append(Bin(at * step, most, count, 100 * count / max(counts)))
    return Distribution(
        tuple(bins), len(shares), statistics.median(shares),
        statistics.fmean(shares), min(shares), max(shares),
    )  # fmt: skip
