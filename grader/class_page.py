"""What does an instructor see of a whole class, on one page?

OUT/class.html: every criterion of every hand-in as a heat map, how the points
are distributed, the faults that many share, what was slow, could not be
judged or is suspiciously alike, and who handed nothing in. The marks come
from the gradebook; reports are read one after the other, and nothing of them
is kept but what the page shows. The page needs nothing beside it, and no
scripts.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, Iterator, List, Optional, Sequence, Tuple
from urllib.parse import quote

from markupsafe import Markup

from grader import class_faults, class_points, kept, similar
from grader.gradebook import Gradebook
from grader.gradebook_model import Mark, RowMark, Submission
from grader.gradebook_text import lateness, remark
from grader.lab import Lab
from grader.layout import SourceFile
from grader.model import Verdict
from grader.templates import FOLDER, environment
from grader.words import number

NAME = "class.html"
SUBMISSIONS = "submissions"
REPORT = "report.html"
MOST_SLOW = 10
MOST_FAULTS = 25
MOST_PAIRS = 40
MOST_NAMED = 12  # hand-ins that are named beside a fault

# A letter for the style sheet and a sign, so that none needs its colour.
_KINDS = {
    Verdict.PASS: ("p", "✓"), Verdict.PARTIAL: ("h", "◐"),
    Verdict.FAIL: ("f", "✗"), Verdict.MANUAL: ("m", "…"),
    Verdict.NOT_JUDGED: ("n", "?"),
}  # fmt: skip


@dataclass(frozen=True)
class Cell:
    """One criterion of one hand-in."""

    kind: str
    sign: str
    points: str
    at: int  # its number in the report


@dataclass(frozen=True)
class Line:
    """One hand-in with all that a row of the heat map says."""

    mark: Mark
    name: str  # of the hand-in
    people: Tuple[str, ...]
    href: str  # of its report; "" where there is none
    points: str
    cells: Tuple[Optional[Cell], ...]
    flags: Tuple[str, ...]
    reasons: Tuple[Tuple[str, str], ...]  # criterion, why it was not judged
    problem: str
    took_s: float


def write(out: Path, lab: Lab) -> Path:
    """Write the page of the class in the folder `out`; returns its path."""
    page = Page(out, lab)
    template = environment().get_template("class.html.j2")
    style = "".join(
        (FOLDER / name).read_text(encoding="utf-8")
        for name in ("style.css", "class.css")
    )
    path = out / NAME
    new = out / (NAME + ".new")
    with new.open("w", encoding="utf-8", errors="backslashreplace") as file:
        for piece in template.stream(page=page, style=Markup(style)):
            file.write(piece)
    os.replace(str(new), str(path))
    return path


class Page:
    """What the template asks for."""

    def __init__(self, out: Path, lab: Lab) -> None:
        self.lab = lab
        self.rubric = lab.rubric
        with Gradebook(out) as book:
            known = lab.name in book.labs()
            marks = book.marks(lab.name) if known else []
            if not known:
                marks = [Mark(student, None) for student in book.students()]
            groups = by_submission(marks)
            self.columns = _columns(lab, marks)
            self.lines = [
                _line(out, book, theirs, [one.id for one in self.columns])
                for theirs in groups
            ]
        self.nobody = [mark.name for mark in marks if mark.submission is None]
        self.students = sum(1 for mark in marks if mark.student is not None)
        counting = [theirs[0] for theirs in groups]
        self.points = class_points.distribution(counting)
        # Where nothing ran, one fault would count for every criterion.
        self.faults = class_faults.common(
            mark for mark in counting if mark.status != "ungradable"
        )
        self.href = {line.mark.submission: line.href for line in self.lines}
        self.waiting = [mark for mark in counting if mark.waits]
        self.rows_waiting = sum(row.waits for mark in counting for row in mark.rows)
        self.slow = sorted(self.lines, key=lambda line: -line.took_s)[:MOST_SLOW]
        self.unjudged = [
            line for line in self.lines
            if line.reasons or line.problem or line.mark.points is None
        ]
        self.again = [(line, remark(line.mark)) for line in self.lines
                      if line.mark.stale or line.mark.notes]  # fmt: skip
        self.likeness = similar.compare(lab.folder, _sources(out, self.lines))
        self.by_name = {line.name: line.href for line in self.lines}
        self.review = "mngrade gradebook review " + shlex.quote(str(out))

    most_faults, most_pairs, most_named = MOST_FAULTS, MOST_PAIRS, MOST_NAMED

    @property
    def got(self) -> List[Optional[float]]:
        """Percent of the points that the class has, for each column."""
        found: List[Optional[float]] = []
        for column in self.columns:
            rows = [row for line in self.lines for row in line.mark.rows
                    if row.id == column.id and row.points is not None]  # fmt: skip
            most = sum(row.max_points for row in rows)
            had = sum(row.points or 0 for row in rows)
            found.append(100 * had / most if most else None)
        return found

    def named(self, marks: Sequence[Mark]) -> List[Tuple[str, str]]:
        """Names of hand-ins with where their reports are."""
        return [
            (mark.submission.name, self.href.get(mark.submission, ""))
            for mark in marks[:MOST_NAMED]
            if mark.submission is not None
        ]


@dataclass(frozen=True)
class Column:
    """A criterion as the heat map heads it."""

    id: str
    title: str
    points: float
    bonus: bool


def _columns(lab: Lab, marks: Sequence[Mark]) -> List[Column]:
    """The rubric's criteria, and those that only older gradings have."""
    found = {
        one.id: Column(one.id, one.title, one.points, one.bonus)
        for one in lab.rubric.criteria
    }
    for mark in marks:
        for row in mark.rows:
            if row.id not in found:
                found[row.id] = Column(row.id, row.title, row.max_points, row.bonus)
    return list(found.values())


def by_submission(marks: Sequence[Mark]) -> List[List[Mark]]:
    """The marks of each hand-in; a team's stand together."""
    found: Dict[int, List[Mark]] = {}
    for mark in marks:
        if mark.submission is not None:
            found.setdefault(mark.submission.number, []).append(mark)
    return list(found.values())


def _line(
    out: Path, book: Gradebook, theirs: Sequence[Mark], ids: Sequence[str]
) -> Line:
    mark = theirs[0]
    assert mark.submission is not None
    cells = {
        row.id: _cell(row, at) for at, row in enumerate(mark.rows, 1)
    }
    report = book.report(mark.grading) if mark.grading is not None else {}
    return Line(
        mark,
        mark.submission.name,
        tuple(one.name for one in theirs if one.student is not None),
        _href(out, mark.submission),
        _points(theirs),
        tuple(cells.get(id) for id in ids),
        tuple(_flags(mark)),
        tuple(
            (row.id, row.reason) for row in mark.rows
            if row.verdict is Verdict.NOT_JUDGED and row.waits
        ),
        report.get("problem", "") if mark.status != "graded" else "",
        float(report.get("elapsed_s", 0.0)),
    )  # fmt: skip


def _cell(row: RowMark, at: int) -> Cell:
    kind, sign = _KINDS[row.verdict]
    if row.decision is not None:
        whole, sign = row.decision.points >= row.max_points, "✎"
        kind = "p" if whole else "h" if row.decision.points else "f"
    points = "" if row.points is None else number(row.points)
    return Cell(kind, sign, points, at)


def _points(theirs: Sequence[Mark]) -> str:
    """The points; of a team that was told apart, from the least on."""
    known = sorted({mark.points for mark in theirs if mark.points is not None})
    if not known:
        return "–"
    return "–".join(map(number, dict.fromkeys((known[0], known[-1]))))


def _flags(mark: Mark) -> Iterator[str]:
    if mark.submission is not None and mark.submission.late_s:
        yield "late " + lateness(mark.submission.late_s)
    if mark.submission is not None and mark.submission.attempt > 1:
        yield "attempt %d" % mark.submission.attempt
    if mark.status == "ungradable":
        yield "ungradable"
    if mark.whole is not None:
        yield "whole mark by " + mark.whole.who
    if mark.stale or mark.notes:
        yield "look again"


def _href(out: Path, submission: Submission) -> str:
    """The report's place, relative to the page; "" where there is none."""
    if not (out / SUBMISSIONS / submission.name / REPORT).is_file():
        return ""
    return "%s/%s/%s" % (SUBMISSIONS, quote(submission.name), REPORT)


def _sources(
    out: Path, lines: Sequence[Line]
) -> Iterator[Tuple[str, Sequence[SourceFile]]]:
    for line in lines:
        yield line.name, kept.sources(out / SUBMISSIONS / line.name)
