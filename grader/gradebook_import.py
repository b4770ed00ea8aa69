"""What was changed in a learning system, and does it go back into the book?

Each grade of a file is held against the mark now and against what was ever
exported. What differs from both was changed there: it becomes an override of
the whole mark, for this student, with the reason `imported from FILE`. What
is as it was exported once is only older than the book, and changes nothing.
Where both sides changed, or nobody or two could be meant, it is a problem
with file and line; then nothing at all is imported, unless asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Optional, Tuple

from grader import export_canvas, export_csv, export_moodle
from grader.export_sheet import Line, Sheet, hundredths, parse_points
from grader.export_table import Table
from grader.gradebook import Gradebook
from grader.gradebook_match import Directory, NoMatch
from grader.gradebook_model import GradebookError, Mark
from grader.words import number


@dataclass(frozen=True)
class Change:
    """A grade that was changed in the learning system."""

    line: int
    mark: Mark  # as it is before
    points: float


@dataclass(frozen=True)
class Plan:
    """What an import would do. Notes and problems name file and line."""

    changes: Tuple[Change, ...]
    same: int
    notes: Tuple[str, ...]
    problems: Tuple[str, ...]


def understand(table: Table, form: str = "", assignment: str = "") -> Sheet:
    """Find the grades in a table; its form is found out where not said."""
    if form == "canvas" or (not form and export_canvas.is_canvas(table)):
        return export_canvas.read_sheet(table, assignment)
    if form == "moodle" or (not form and export_moodle.is_moodle(table)):
        return export_moodle.read_sheet(table)
    if form == "csv" or (not form and export_csv.is_ours(table)):
        return export_csv.read_sheet(table)
    raise GradebookError(
        "%s: neither a gradebook of Canvas, nor a worksheet of Moodle, nor a"
        " table of ours; its columns are: %s"
        % (table.name, ", ".join(table.header))
    )


def take(
    book: Gradebook,
    sheet: Sheet,
    who: str,
    lab: Optional[str] = None,
    attempts: str = "last",
    partial: bool = False,
) -> Plan:
    """Import the changed grades; returns what was done.

    Raises GradebookError with all problems, and imports nothing, where there
    are any; with `partial` the others are imported.
    """
    with book.transaction():
        found = plan(book, sheet, lab, attempts)
        if found.problems and not partial:
            raise GradebookError(
                "\n".join(found.problems) + "\nnothing was imported"
            )
        for change in found.changes:
            _carry_out(book, change, sheet.table.name, who)
        return found


def _carry_out(book: Gradebook, change: Change, file: str, who: str) -> None:
    mark = change.mark
    assert mark.submission is not None and mark.student is not None
    book.override(
        mark.submission.number, None, change.points, who,
        "imported from %s" % file, mark.student.id,
    )  # fmt: skip


def plan(
    book: Gradebook,
    sheet: Sheet,
    lab: Optional[str] = None,
    attempts: str = "last",
) -> Plan:
    """What an import of this sheet would do; nothing is written."""
    lab = book.one_lab(lab)
    marks = {
        mark.student.id: mark
        for mark in book.marks(lab, attempts)
        if mark.student is not None
    }
    directory = Directory([m.student for m in marks.values() if m.student])
    changes: List[Change] = []
    notes: List[str] = []
    problems: List[str] = []
    seen: Dict[str, int] = {}
    same = 0
    for line in sheet.lines:
        place = "%s:%d: " % (sheet.table.name, line.row.line)
        try:
            one = _one(book, line, directory, marks, seen, lab)
        except _Aside as aside:
            notes.append(place + str(aside))
        except (GradebookError, NoMatch, ValueError) as why:
            problems.append(place + str(why))
        else:
            changes += [one] if one else []
            same += one is None
    return Plan(tuple(changes), same, tuple(notes), tuple(problems))


class _Aside(Exception):
    """Nothing is imported from a line, and nothing is wrong with it."""


def _one(
    book: Gradebook,
    line: Line,
    directory: Directory,
    marks: Dict[str, Mark],
    seen: Dict[str, int],
    lab: str,
) -> Optional[Change]:
    """The change that a line asks for, or None where it says what is so."""
    if line.grade.text.strip().upper() == "EX":
        raise _Aside("excused there; excuse the student there only")
    points = parse_points(line.grade.text)
    try:
        student = directory.meant(line.who)
    except NoMatch as why:
        if points is None:
            raise _Aside("%s, and has no grade" % why) from why
        raise
    before = seen.setdefault(student.id, line.row.line)
    if before != line.row.line:
        raise GradebookError(
            "%s is also in line %d" % (student.name or student.id, before)
        )
    if points is None:
        return None
    mark = marks[student.id]
    if mark.submission is None or mark.points is None:
        raise GradebookError(
            "%s has %s there, and nothing that was graded here"
            % (mark.name, number(points))
        )
    return _change(book, line, mark, hundredths(points), lab)


def _change(
    book: Gradebook, line: Line, mark: Mark, points: float, lab: str
) -> Optional[Change]:
    """Hold a grade against the mark, and against what was exported."""
    assert mark.student is not None and mark.points is not None
    now = hundredths(mark.points)
    if points == now:
        return None
    exported = book.exported(lab, mark.student.id)
    if points in exported:
        raise _Aside(
            "%s has %s there, as it was exported; here it is %s since"
            % (mark.name, number(points), number(now))
        )
    if exported and exported[-1] != now:
        raise GradebookError(
            "%s was changed to %s there, and from %s to %s here: decide"
            % (mark.name, number(points), number(exported[-1]), number(now))
        )
    return Change(line.row.line, mark, points)
