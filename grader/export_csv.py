"""How do the marks look as a plain table, for a spreadsheet or a script?

One row a student: who it is, what was handed in, the points, and a column for
each criterion. Texts are guarded against formulas; reading the table back
with our own reader restores them.
"""

from __future__ import annotations

from typing import Dict, List, Sequence

from grader.export_sheet import (
    Given,
    Line,
    Options,
    Sheet,
    notes_on,
    points_to_give,
    shown,
)
from grader.export_table import Row, Table, guarded, unguarded, written
from grader.gradebook_model import GradebookError, Mark, Student
from grader.words import number

IDENTITY = (
    "student", "name", "sis_id", "login", "email", "canvas_id", "moodle_id",
    "section", "team",
)  # fmt: skip
_REST = ("submission", "attempt", "late_s", "points", "max_points",
         "pending_points", "status", "notes")  # fmt: skip


def dumps(marks: Sequence[Mark], lab: str, options: Options) -> Given:
    """All marks, also those that wait: their `points` are empty then."""
    criteria = list(dict.fromkeys(row.id for mark in marks for row in mark.rows))
    rows = [list(IDENTITY + _REST) + [guarded(id) for id in criteria]]
    given = {}
    for mark in marks:
        points = points_to_give(mark, options)
        if mark.student is not None and points is not None:
            given[mark.student.id] = points
        rows.append(
            _identity(mark)
            + _handed_in(mark)
            + [
                "" if points is None else shown(points),
                number(mark.max_points), number(mark.pending_points),
                _status(mark), guarded("; ".join(mark.stale + mark.notes)),
            ]
            + _rows(mark, criteria)
        )  # fmt: skip
    return Given(written(rows), given, tuple(notes_on(marks, options)))


def _identity(mark: Mark) -> List[str]:
    one = mark.student or Student("")
    told = (
        one.id, one.name, one.sis_id, one.login, one.email, one.canvas_id,
        one.moodle_id, one.section, one.team,
    )  # fmt: skip
    return [guarded(text) for text in told]


def _handed_in(mark: Mark) -> List[str]:
    if mark.submission is None:
        return ["", "", ""]
    one = mark.submission
    return [guarded(one.name), str(one.attempt), number(one.late_s)]


def _status(mark: Mark) -> str:
    if mark.submission is None:
        return "no hand-in"
    if mark.points is None:
        return "not graded"
    return "waits" if mark.waits else "final"


def _rows(mark: Mark, criteria: Sequence[str]) -> List[str]:
    points: Dict[str, str] = {
        row.id: "" if row.points is None else number(row.points)
        for row in mark.rows
    }
    return [points.get(id, "") for id in criteria]


def is_ours(table: Table) -> bool:
    """Whether a table is one that `dumps` wrote, columns in any order."""
    return {"student", "points", "max_points"} <= set(table.header)


def read_sheet(table: Table) -> Sheet:
    """Understand a table that `dumps` wrote."""
    if not is_ours(table):
        raise GradebookError("%s: no table of marks of ours" % table.name)
    columns = [table.column(name) for name in IDENTITY]

    def who(row: Row) -> Student:
        return Student(*(unguarded(row[at].text) for at in columns))

    lines = tuple(
        Line(row, who(row), row[table.column("points")])
        for row in table.body
        if row.text(columns[0])
    )
    return Sheet(table, lines)
