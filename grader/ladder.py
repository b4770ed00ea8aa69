"""Who said what to whom, in which order?

Lays a scenario out as a ladder: a lane for each program, and steps that
happen on one lane or lead from one to another. This is the layout only;
`ladder_text` draws it for a terminal, and another renderer can draw the same
steps elsewhere.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass, replace
from typing import List, Mapping, Optional, Sequence, Tuple

from grader.ladder_events import Kind, Step, steps_of
from grader.ladder_lanes import Lane
from grader.model import ScenarioRecord

__all__ = ["Kind", "Ladder", "Lane", "Step", "layout"]


@dataclass(frozen=True)
class Ladder:
    """A scenario, ready to be drawn."""

    lanes: Tuple[Lane, ...]
    steps: Tuple[Step, ...]


def layout(
    record: ScenarioRecord,
    marked: Optional[Mapping[int, str]] = None,
    most: int = 40,
    detail: bool = False,
) -> Ladder:
    """Lay out a scenario.

    `marked` gives events of the evidence a mark each. A ladder of more than
    `most` steps keeps its beginning, its end and what is around the marks.
    `detail` adds what each program begins to wait for, and where the script
    has ended.
    """
    lanes, steps = steps_of(record, marked or {}, detail)
    steps = _with_marks(steps, record, marked or {})
    return Ladder(tuple(lanes), tuple(_fewer(steps, most)))


def _with_marks(
    steps: Sequence[Step], record: ScenarioRecord, marked: Mapping[int, str]
) -> List[Step]:
    """Put marks and notes on their steps, or on the last one before them."""
    out = list(steps)
    owner = {
        number: at for at, step in enumerate(out) for number in step.events
    }
    known = sorted(owner)

    def step_of(number: int) -> int:
        before = bisect.bisect_right(known, number)
        return owner[known[before - 1]] if before else 0

    if not out:
        return out
    for number, mark in sorted(marked.items()):
        at = step_of(number)
        if mark not in out[at].marks:
            out[at] = replace(out[at], marks=out[at].marks + (mark,))
    for number, note in sorted(record.marks.items()):
        at = step_of(number)
        out[at] = replace(out[at], notes=out[at].notes + (note,))
    return out


def _fewer(steps: Sequence[Step], most: int) -> List[Step]:
    """Leave out what is far from the beginning, the end and every mark."""
    if len(steps) <= most:
        return list(steps)
    near = [at for at, step in enumerate(steps) if step.marks][: most // 6]
    keep = {at + by for at in near for by in range(-2, 3)}
    room = max(most - len(keep), 6)
    keep |= set(range(room // 2))
    keep |= set(range(len(steps) - room // 2, len(steps)))
    out: List[Step] = []
    skipped = 0
    for at, step in enumerate(steps):
        if at in keep:
            if skipped:
                out.append(_gap(skipped, step.time))
            out.append(step)
            skipped = 0
        else:
            skipped += 1
    return out


def _gap(skipped: int, time: float) -> Step:
    words = "%d step%s left out" % (skipped, "" if skipped == 1 else "s")
    return Step(Kind.GAP, time, -1, words=words)
