"""How does Canvas take marks?

Its gradebook is imported as CSV. What it asks for: the first column is
`Student`, the second `ID`; `SIS User ID` and `SIS Login ID` may follow, then
`Section` ends what is known of the student. Every column after it is an
assignment, `Name (id)`. A row whose first cell says `Points Possible` comes
before the students; `(read only)` in it marks columns that are ignored. A
student is found by ID, then SIS User ID, then SIS Login ID. An empty cell
would erase a grade, so rows without a mark are left out, or left as they are.

With a file that Canvas exported, one column of it is filled and everything
else stays byte for byte.
"""

from __future__ import annotations

import re
from typing import List, Optional, Sequence

from grader import roster
from grader.export_sheet import (
    Given,
    Line,
    Options,
    Sheet,
    fill,
    notes_on,
    parse_points,
    points_to_give,
    shown,
)
from grader.export_table import Row, Table, guarded, unguarded, written
from grader.gradebook_model import GradebookError, Mark

HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
POINTS = "    Points Possible"
# Columns that Canvas computes by itself, and never takes.
_COMPUTED = re.compile(
    r"\b(Current|Final|Override) (Score|Points|Grade|Status)\b"
)
_TITLE = re.compile(r"(?P<title>.*\S)\s*\((?P<id>\d+)\)$")


def dumps(marks: Sequence[Mark], lab: str, options: Options) -> Given:
    """A file for Canvas to import, made anew."""
    most = max((mark.max_points for mark in marks), default=0.0)
    title = options.assignment or lab
    blank = [""] * (len(HEADER) - 1)
    rows: List[List[str]] = [
        list(HEADER) + [guarded(title)],
        [POINTS] + blank + [shown(most)],
    ]
    given = {}
    for mark in marks:
        points = points_to_give(mark, options)
        if mark.student is None or points is None:
            continue
        one = mark.student
        told = (one.name, one.canvas_id, one.sis_id, one.login, one.section)
        rows.append([guarded(text) for text in told] + [shown(points)])
        given[one.id] = points
    return Given(written(rows), given, tuple(notes_on(marks, options)))


def fill_template(
    table: Table, marks: Sequence[Mark], options: Options
) -> Given:
    """A file that Canvas exported, with one column filled."""
    return fill(read_sheet(table, options.assignment), marks, options)


def is_canvas(table: Table) -> bool:
    """Whether a table has the form of Canvas' gradebook."""
    header = table.header
    named = header[:2] == ("Student", "ID") or header[:3] == (
        "LastName", "FirstName", "ID",
    )  # fmt: skip
    return named and "Section" in header


def read_sheet(table: Table, assignment: str = "") -> Sheet:
    """Understand a file of Canvas; `assignment` is the column's name, its
    name without the number, or its number alone."""
    if not is_canvas(table):
        raise GradebookError(
            "%s:%d: no gradebook of Canvas: it begins with the columns"
            " Student, ID, ..., Section" % (table.name, table.rows[0].line)
        )
    points = next(
        (row for row in table.body if "Points Possible" in row.text(0)), None
    )
    at = _column(table, assignment, points)
    columns = roster.find_columns(table)
    columns = {key: c for key, c in columns.items() if c <= _section(table)}
    lines = tuple(
        Line(row, roster.identity(row, columns), row[at])
        for row in table.body
        if roster.is_student(row, columns)
    )
    try:
        most = parse_points(points.text(at)) if points else None
    except ValueError:
        most = None
    return Sheet(table, lines, most)


def _section(table: Table) -> int:
    return table.header.index("Section")


def _column(table: Table, assignment: str, points: Optional[Row]) -> int:
    """Where the assignment is; an error where that is not certain."""
    open_to_us = {
        at: unguarded(title)
        for at, title in enumerate(table.header)
        if at > _section(table)
        and not _COMPUTED.search(title)
        and not (points and "read only" in points.text(at))
    }
    if assignment:
        name = assignment.strip()
        fitting = [at for at, title in open_to_us.items() if _means(name, title)]
        exact = [at for at in fitting if open_to_us[at] == name]
    else:
        fitting = list(open_to_us)
        # Of several, those with a number: a column of notes has none.
        exact = [at for at in fitting if _TITLE.match(open_to_us[at])]
    if len(exact or fitting) == 1:
        return (exact or fitting)[0]
    titles = list(open_to_us.values())
    if not assignment:
        why = "say with --assignment which column it is"
    elif fitting:
        why = "'%s' could be several columns" % assignment
    else:
        why = "there is no assignment '%s'" % assignment
    raise GradebookError(
        "%s: %s; assignments: %s" % (table.name, why, ", ".join(titles) or "none")
    )


def _means(assignment: str, title: str) -> bool:
    parts = _TITLE.match(title)
    ways = [title] + ([parts["title"], parts["id"]] if parts else [])
    return assignment.casefold() in [way.casefold() for way in ways]
