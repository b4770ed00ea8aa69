"""Which faults do many of a class have in common?

Two hand-ins have the same fault where the same criterion gives the same
reason. What differs from one run to the next is taken out of the reason
first: figures, addresses, names of files, and what was typed or quoted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Dict, Iterable, List, Tuple

from grader import names
from grader.gradebook_model import Mark, RowMark
from grader.model import Verdict

_LOST = (Verdict.FAIL, Verdict.PARTIAL)
_PASSING = (
    # A quote within a word is an apostrophe: X's message.
    (re.compile(r"`[^`\n]*`|\"[^\"\n]*\"|“[^”\n]*”|(?<!\w)'[^'\n]*'(?!\w)"), "_"),
    (re.compile(r"\S+\.(?:py|c|h|cc|cpp|java|js|mjs|class)\b(?::\d+)*"), "_"),
    (re.compile(r"\b\d+(?:\.\d+){3}(?::\d+)?"), "_"),
    (re.compile(names.LIKE), "_"),
    (re.compile(r"\b\d+(?:[.,]\d+)*\b"), "_"),
    (re.compile(r"\s+"), " "),
)


@dataclass(frozen=True)
class Fault:
    """One fault; the mark of each hand-in that has it."""

    criterion: str
    title: str
    reason: str  # as most of them say it
    lost: float  # points of the class
    marks: Tuple[Mark, ...]


def folded(reason: str) -> str:
    """A reason without what differs from one run to the next."""
    text = reason.partition("\n")[0]
    for pattern, instead in _PASSING:
        text = pattern.sub(instead, text)
    return text.strip(" .:").casefold()


def common(marks: Iterable[Mark]) -> List[Fault]:
    """The faults that at least two hand-ins have, the most common first."""
    found: Dict[Tuple[str, str], List[Tuple[Mark, RowMark]]] = {}
    for mark in marks:
        for row in mark.rows:
            if row.verdict in _LOST:
                key = (row.id, folded(row.reason))
                found.setdefault(key, []).append((mark, row))
    faults = [_fault(those) for those in found.values() if len(those) > 1]
    return sorted(faults, key=lambda one: (-len(one.marks), -one.lost, one.reason))


def _fault(those: List[Tuple[Mark, RowMark]]) -> Fault:
    reasons = Counter(row.reason for _mark, row in those)
    first = those[0][1]
    return Fault(
        first.id,
        first.title,
        max(reasons, key=lambda reason: (reasons[reason], reason)),
        sum(row.max_points - row.judged for _mark, row in those),
        tuple(mark for mark, _row in those),
    )
