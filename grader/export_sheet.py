"""What do all exports have in common: which points are given, to whom?

An export is bytes, the points that are in it, and notes for the person who
asked. Only a mark that is final is given: one that waits for a person is left
out, and said, unless everything is asked for. A sheet is a learning system's
own table with a cell for the grade of each student; it is filled in place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Sequence, Tuple

from grader.export_table import Cell, Row, Table
from grader.gradebook_match import Directory, NoMatch
from grader.gradebook_model import GradebookError, Mark, Student
from grader.words import count, number

_SHOWN = 10  # names in one note


@dataclass(frozen=True)
class Options:
    """What is asked of an export."""

    assignment: str = ""  # the column's name there, "Name (id)" for Canvas
    everything: bool = False  # also marks that wait for a person
    cap: bool = False  # no more than the maximum, where more is refused


@dataclass(frozen=True)
class Given:
    """An export: the file, and the points in it by student id."""

    data: bytes
    points: Dict[str, float] = field(default_factory=dict)
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One student's row of a sheet."""

    row: Row
    who: Student  # what the row says; its id is empty
    grade: Cell
    feedback: Optional[Cell] = None
    locked: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table of a learning system, understood."""

    table: Table
    lines: Tuple[Line, ...]
    maximum: Optional[float] = None  # points that the system expects at most
    comma: bool = False  # it writes 2,5 for 2.5


def hundredths(points: float) -> float:
    """Points as learning systems keep them: two places, halves go up."""
    return int(points * 100 + 0.5 + 1e-6) / 100


def shown(points: float, comma: bool = False) -> str:
    """Points as text, without idle zeros."""
    text = ("%.2f" % hundredths(points)).rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def parse_points(text: str) -> Optional[float]:
    """The number in a grade cell; None where there is none.

    Comma or point, with thousands parted or not, as Canvas reads it. Raises
    ValueError for what is neither a number nor one of the words for nothing.
    """
    text = text.strip()
    if text.upper() in ("", "-", "N/A", "EX"):
        return None
    if not re.match(r"\d[\d.,]*$|[.,]\d+$", text):
        raise ValueError("'%s' is no number of points" % text)
    whole, _sign, places = re.sub("[.,](?=.*[.,])", "", text).replace(
        ",", "."
    ).partition(".")
    return float("%s.%s" % (whole or "0", places or "0"))


def points_to_give(mark: Mark, options: Options) -> Optional[float]:
    """The points of a mark, or None where it is not given."""
    if mark.points is None or not (mark.final or options.everything):
        return None
    return hundredths(mark.points)


def notes_on(marks: Sequence[Mark], options: Options) -> List[str]:
    """What whoever exports must know about marks that are given or not."""
    groups = (
        ("without a hand-in that was graded",
         [m for m in marks if m.student and m.points is None]),
        ("given without the points that wait for a person"
         if options.everything else "left out: a person has to decide first",
         [m for m in marks if m.student and m.waits]),
        ("given, but what a person decided on has changed since",
         [m for m in marks if m.student and m.stale]),
        ("hand-ins of nobody known, left out",
         [m for m in marks if m.student is None]),
    )  # fmt: skip
    return [
        "%s: %s" % (text, named([mark.name for mark in found]))
        for text, found in groups
        if found
    ]


def named(names: Sequence[str]) -> str:
    """A few names, and how many there are."""
    told = ", ".join(names[:_SHOWN])
    more = len(names) - _SHOWN
    return told + (" and %d more" % more if more > 0 else "")


def by_student(marks: Sequence[Mark]) -> Dict[str, Mark]:
    """The marks of those who are known, by their ids."""
    return {mark.student.id: mark for mark in marks if mark.student}


def fill(
    sheet: Sheet,
    marks: Sequence[Mark],
    options: Options,
    feedback: Optional[Dict[str, str]] = None,
) -> Given:
    """Write the grades into a sheet, and feedback where there is none yet."""
    known = by_student(marks)
    who = _owners(sheet, [m.student for m in marks if m.student])
    notes = notes_on(marks, options)
    changes: Dict[Cell, str] = {}
    given: Dict[str, float] = {}
    locked: List[str] = []
    for line, student in zip(sheet.lines, who):
        if student is None:
            continue
        mark = known[student.id]
        points = points_to_give(mark, options)
        if points is None:
            continue
        if line.locked:
            locked.append(mark.name)
            continue
        given[student.id] = _checked(points, mark, sheet, options)
        changes[line.grade] = shown(given[student.id], sheet.comma)
        words = (feedback or {}).get(student.id, "")
        if line.feedback and words and not line.feedback.text.strip():
            changes[line.feedback] = words
    notes += _missing(sheet, who, marks)
    if locked:
        notes.append("locked in the file, left as they are: " + named(locked))
    return Given(sheet.table.filled(changes), given, tuple(notes))


def _owners(
    sheet: Sheet, students: Sequence[Student]
) -> List[Optional[Student]]:
    """Whose each line is; None for nobody of the gradebook."""
    directory = Directory(students)
    owners: List[Optional[Student]] = []
    seen: Dict[str, int] = {}
    for line in sheet.lines:
        try:
            one = directory.meant(line.who)
        except NoMatch:
            owners.append(None)
            continue
        before = seen.setdefault(one.id, line.row.line)
        if before != line.row.line:
            raise GradebookError(
                "%s:%d: %s is also in line %d"
                % (sheet.table.name, line.row.line, one.name or one.id, before)
            )
        owners.append(one)
    return owners


def _checked(
    points: float, mark: Mark, sheet: Sheet, options: Options
) -> float:
    """Points that the system will take, or an error: it would drop others
    without a word."""
    if sheet.maximum is None or sheet.maximum == 0:
        return points
    if abs(sheet.maximum - mark.max_points) > 0.005:
        raise GradebookError(
            "%s expects at most %s points, and the marks are of %s: set it to"
            " %s there first"
            % (
                sheet.table.name,
                number(sheet.maximum),
                number(mark.max_points),
                number(mark.max_points),
            )
        )
    return capped(points, sheet.maximum, mark, options)


def capped(
    points: float, maximum: float, mark: Mark, options: Options
) -> float:
    """No more than the maximum; that it was more must have been said."""
    if points <= maximum:
        return points
    if not options.cap:
        raise GradebookError(
            "%s has %s of %s points, and more than the maximum is dropped"
            " there: --cap gives the maximum"
            % (mark.name, number(points), number(maximum))
        )
    return maximum


def _missing(
    sheet: Sheet, who: Sequence[Optional[Student]], marks: Sequence[Mark]
) -> List[str]:
    there = {one.id for one in who if one is not None}
    strangers = sum(one is None for one in who)
    absent = [
        mark.name
        for mark in marks
        if mark.student and mark.student.id not in there
    ]
    notes = []
    if strangers:
        notes.append(
            "%s of %s nobody in the gradebook has, left as they are"
            % (count(strangers, "row"), sheet.table.name)
        )
    if absent:
        notes.append("not in %s: %s" % (sheet.table.name, named(absent)))
    return notes
