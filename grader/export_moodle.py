"""How does Moodle take marks?

An assignment's grading worksheet is downloaded, filled and uploaded as CSV.
Moodle goes by three columns: `Identifier` (`Participant 123`, a number that
only this assignment has), `Grade` and `Last modified (grade)`; feedback goes
into `Feedback comments`, as HTML. It drops, without a word, a grade above the
maximum and one older than the grade it has. An empty grade changes nothing.

So a worksheet of Moodle is best filled, and stays as it is but for the grades
and empty comments. Without one, only students whose participant number is
known can be written.
"""

from __future__ import annotations

import html
from typing import Dict, List, Optional, Sequence

from grader import roster
from grader.export_sheet import (
    Given,
    Line,
    Options,
    Sheet,
    capped,
    fill,
    named,
    notes_on,
    parse_points,
    points_to_give,
    shown,
)
from grader.export_table import NOTHING, Table, guarded, written
from grader.gradebook_model import GradebookError, Mark, Student
from grader.words import number, printable

HEADER = (
    "Identifier", "Full name", "ID number", "Email address", "Status",
    "Grade", "Maximum Grade", "Grade can be changed",
    "Last modified (submission)", "Last modified (grade)",
    "Feedback comments",
)  # fmt: skip
_NEEDED = ("Identifier", "Grade", "Last modified (grade)")


def dumps(marks: Sequence[Mark], lab: str, options: Options) -> Given:
    """A worksheet made anew, of those whose participant number is known."""
    words = feedback(marks)
    rows: List[Sequence[str]] = [HEADER]
    given: Dict[str, float] = {}
    unknown = []
    for mark in marks:
        one = mark.student
        if one is None:
            continue
        if not one.moodle_id:
            unknown.append(mark.name)
            continue
        points = points_to_give(mark, options)
        if points is not None:
            points = capped(points, mark.max_points, mark, options)
            given[one.id] = points
        rows.append(_line(mark, one, points, words.get(one.id, "")))
    notes = notes_on(marks, options)
    if unknown:
        notes.append(
            "no participant number, left out (--template takes Moodle's own"
            " worksheet): " + named(unknown)
        )
    if len(rows) == 1:
        raise GradebookError(
            "nobody's participant number in Moodle is known: download the"
            " grading worksheet of %s there, and give it with --template" % lab
        )
    return Given(written(rows), given, tuple(notes))


def _line(
    mark: Mark, one: Student, points: Optional[float], words: str
) -> List[str]:
    """A student's row; without points it changes nothing in Moodle."""
    return [
        "Participant " + one.moodle_id,
        guarded(one.name), guarded(one.sis_id), guarded(one.email),
        "Submitted for grading" if mark.submission else "No submission",
        "" if points is None else shown(points),
        shown(mark.max_points), "Yes", "-", "-",
        "" if points is None else words,
    ]  # fmt: skip


def fill_template(
    table: Table, marks: Sequence[Mark], options: Options
) -> Given:
    """Moodle's own worksheet, with grades and comments filled in."""
    return fill(read_sheet(table), marks, options, feedback(marks))


def is_moodle(table: Table) -> bool:
    """Whether a table has the form of a grading worksheet."""
    return all(name in table.header for name in _NEEDED)


def read_sheet(table: Table) -> Sheet:
    """Understand a grading worksheet."""
    for name in _NEEDED:
        if name not in table.header:
            raise GradebookError(
                "%s:%d: no grading worksheet of Moodle: there is no column"
                " '%s'" % (table.name, table.rows[0].line, name)
            )
    columns = roster.find_columns(table)
    most_at = table.column("Maximum Grade")
    locked_at = table.column("Grade can be changed")
    words_at = table.column("Feedback comments")
    lines = tuple(
        Line(
            row, roster.identity(row, columns), row[table.column("Grade")],
            None if row[words_at] is NOTHING else row[words_at],
            row.text(locked_at).casefold() == "no",
        )
        for row in table.body
        if roster.is_student(row, columns)
    )  # fmt: skip
    told = next((row.text(most_at) for row in table.body), "")
    try:
        most = parse_points(told)
    except ValueError:
        most = None  # a scale of words instead of points
    return Sheet(table, lines, most, "," in told and "." not in told)


def feedback(marks: Sequence[Mark]) -> Dict[str, str]:
    """What each student is told, as HTML, by id."""
    return {
        mark.student.id: "<br />".join(
            html.escape(printable(line), quote=False) for line in told(mark)
        )
        for mark in marks
        if mark.student is not None and mark.rows
    }


def told(mark: Mark) -> List[str]:
    """A mark in lines: each criterion, why points are missing, comments."""
    lines = []
    for row in mark.rows:
        points = "-" if row.points is None else number(row.points)
        line = "%s: %s of %s" % (row.title, points, number(row.max_points))
        short = row.points is None or row.points < row.max_points
        # A person's decision is told with the person's own reason.
        why = row.decision.why if row.decision else row.reason
        lines.append(line + (" (%s)" % why if short and why else ""))
    if mark.whole is not None:
        lines.append("in all: %s" % number(mark.whole.points))
    titles = {row.id: row.title for row in mark.rows}
    for one in mark.comments:
        about = titles.get(one.criterion, one.criterion)
        lines.append("%s: %s" % (about, one.text) if about else one.text)
    return lines
