"""How do the marks look as a workbook?

Three sheets: the marks, one row for each criterion of each mark, and the
ledger. Every text is a cell of the type text, never a formula, whatever it
begins with; points are numbers. The header stays in view.
"""

from __future__ import annotations

import importlib
import io
import re
from typing import Any, List, Sequence, Union

from grader.export_csv import IDENTITY
from grader.export_sheet import Given, Options, hundredths, notes_on
from grader.gradebook_model import Entry, GradebookError, Mark, Student
from grader.words import printable

Value = Union[str, float, int, None]

_CODED = re.compile(r"_x[0-9A-Fa-f]{4}_")
_LONGEST = 32767  # letters that a cell may hold
_WIDEST = 60  # columns of the screen for one column of the sheet

MARKS = IDENTITY + (
    "submission", "attempt", "late_s", "points", "max_points",
    "pending_points", "final", "notes",
)  # fmt: skip
CRITERIA = (
    "student", "name", "submission", "criterion", "title", "verdict",
    "judged", "points", "max_points", "bonus", "reason", "decided by", "why",
)  # fmt: skip
HISTORY = (
    "entry", "at", "who", "kind", "what", "why", "supersedes", "undone",
)  # fmt: skip


def dumps(
    marks: Sequence[Mark], history: Sequence[Entry], options: Options
) -> Given:
    """The workbook; all marks are in it, `final` says which are."""
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ImportError as error:
        raise GradebookError(
            "a workbook needs openpyxl: sudo apt-get install python3-openpyxl"
        ) from error
    book = openpyxl.Workbook()
    book.remove(book.active)
    _sheet(book, "Marks", MARKS, [_mark(mark) for mark in marks])
    _sheet(book, "Criteria", CRITERIA,
           [row for mark in marks for row in _criteria(mark)])
    _sheet(book, "History", HISTORY, [_entry(entry) for entry in history])
    out = io.BytesIO()
    book.save(out)
    given = {
        mark.student.id: hundredths(mark.points)
        for mark in marks
        if mark.student is not None and mark.points is not None
    }
    notes = notes_on(marks, Options(everything=True))
    return Given(out.getvalue(), given, tuple(notes))


def _sheet(
    book: Any, title: str, header: Sequence[str], rows: List[List[Value]]
) -> None:
    bold = importlib.import_module("openpyxl.styles").Font(bold=True)
    letter_of = importlib.import_module("openpyxl.utils").get_column_letter
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    titles: List[Value] = list(header)
    for y, values in enumerate([titles] + rows, 1):
        for x, value in enumerate(values, 1):
            _write(sheet.cell(row=y, column=x), value)
    for x in range(1, len(header) + 1):
        sheet.cell(row=1, column=x).font = bold
        longest = max(
            len(str(sheet.cell(row=y, column=x).value or ""))
            for y in range(1, len(rows) + 2)
        )
        sheet.column_dimensions[letter_of(x)].width = min(longest + 2, _WIDEST)
    if rows:
        sheet.auto_filter.ref = sheet.dimensions


def _write(cell: Any, value: Value) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    if not value:
        return  # a cell that is empty, and not one with a text of no letters
    # XML has no control characters, and a spreadsheet reads _x0041_ as A.
    text = _CODED.sub(r"_x005F\g<0>", printable(value, keep="\n\t"))
    cell.value = text[:_LONGEST]
    cell.data_type = "s"  # openpyxl takes what begins with = for a formula
    # Also when somebody edits the cell: as if typed with an apostrophe.
    cell.quotePrefix = True


def _mark(mark: Mark) -> List[Value]:
    one, of = mark.student or Student(""), mark.submission
    return [
        one.id, one.name, one.sis_id, one.login, one.email, one.canvas_id,
        one.moodle_id, one.section, one.team,
        of.name if of else "", of.attempt if of else None,
        of.late_s if of else None, mark.points, mark.max_points,
        mark.pending_points, "yes" if mark.final else "no",
        "; ".join(mark.stale + mark.notes),
    ]  # fmt: skip


def _criteria(mark: Mark) -> List[List[Value]]:
    one, of = mark.student or Student(""), mark.submission
    return [
        [
            one.id, one.name, of.name if of else "", row.id, row.title,
            row.verdict.value, row.judged, row.points, row.max_points,
            "yes" if row.bonus else "no", row.reason,
            row.decision.who if row.decision else "",
            row.decision.why if row.decision else "",
        ]
        for row in mark.rows
    ]  # fmt: skip


def _entry(entry: Entry) -> List[Value]:
    return [
        entry.entry, entry.at, entry.who, entry.kind, entry.text, entry.why,
        entry.supersedes, "yes" if entry.undone else "no",
    ]  # fmt: skip
