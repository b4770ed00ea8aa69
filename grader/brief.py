"""How long may what a report tells be?

A check may quote what a program printed, and a program may print a line of a
hundred megabytes. Every text of a report is cut here, once for all formats,
and says how much of it is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Tuple

from grader.model import Finding, Insight, Program, Report, Row

#: Letters of one text; no person reads more of it.
MOST = 4000
MOST_NOTES = 60


def report(whole: Report) -> Report:
    """The same report with no text longer than MOST letters."""
    return replace(
        whole,
        rows=tuple(_row(row) for row in whole.rows),
        insights=tuple(_insight(one) for one in whole.insights),
        programs=tuple(_program(one) for one in whole.programs),
        notes=_few(whole.notes),
        problem=text(whole.problem),
    )


def text(told: str) -> str:
    """A text that says what is left out of it."""
    if len(told) <= MOST:
        return told
    return "%s… %s more characters" % (told[:MOST], "{:,}".format(len(told) - MOST))


def _few(notes: Tuple[str, ...]) -> Tuple[str, ...]:
    told = tuple(text(note) for note in notes[:MOST_NOTES])
    left = len(notes) - len(told)
    return (*told, "and %d more notes" % left) if left else told


def _row(row: Row) -> Row:
    found: Finding = row.finding
    return replace(
        row,
        finding=replace(
            found, reason=text(found.reason), expected=text(found.expected),
            seen=text(found.seen), mend=text(found.mend), notes=_few(found.notes),
        ),
    )  # fmt: skip


def _insight(one: Insight) -> Insight:
    return replace(
        one, text=text(one.text), mend=text(one.mend), measured=text(one.measured)
    )


def _program(one: Program) -> Program:
    return replace(one, argv=tuple(text(word) for word in one.argv), why=text(one.why))
