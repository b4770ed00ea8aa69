"""What lies before a person who decides what no program can?

One hand-in at a time: the rows that wait for a person or were not judged,
with what the grading laid out for them, the sources, and how far the class
is. Everything is read from the gradebook anew each time, because others may
decide at the same time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Sequence, Tuple

from grader import kept, layout, words
from grader.class_page import REPORT, SUBMISSIONS, by_submission
from grader.gradebook import Gradebook
from grader.gradebook_model import Comment, GradebookError, Mark, RowMark, Submission
from grader.layout import SourceFile
from grader.model import Verdict

MOST_LINES = 3000  # of one source
BY_HAND = (Verdict.MANUAL, Verdict.NOT_JUDGED)


@dataclass(frozen=True)
class Task:
    """One row that a person decides."""

    row: RowMark
    at: int  # its number in the report
    finding: Mapping[str, Any]  # as in the JSON report
    counts: str  # what counts, in the rubric's words
    comments: Tuple[Comment, ...]
    alone: bool  # decided for each of the team alone: not from here

    @property
    def seen(self) -> int:
        """The decision that is looked at; 0 for none."""
        return self.row.decision.entry if self.row.decision else 0


@dataclass(frozen=True)
class Source:
    """A source, ready to be shown."""

    path: str
    lines: Tuple[str, ...]
    left: int  # lines that are not shown
    top: str  # the comment that it begins with
    role: str  # "server", "client", ... where it is a program's main file


@dataclass(frozen=True)
class Progress:
    """How far the class is."""

    rows: int
    rows_done: int
    hand_ins: int
    hand_ins_done: int


@dataclass(frozen=True)
class Desk:
    """All of one hand-in."""

    mark: Mark
    submission: Submission
    people: Tuple[str, ...]
    tasks: Tuple[Task, ...]
    others: Tuple[Tuple[int, RowMark], ...]  # what was judged automatically
    comments: Tuple[Comment, ...]  # on the whole
    sources: Tuple[Source, ...]
    report: Mapping[str, Any]
    page: Optional[Path]  # the student's report
    at: int  # its place among those that a person looks at, from 1 on
    before: int  # number of the hand-in before and after it; 0 for none
    after: int
    next: int  # the next one where something waits; 0 for none
    progress: Progress

    @property
    def grading(self) -> int:
        return self.mark.grading or 0

    @property
    def waiting(self) -> List[Task]:
        return [task for task in self.tasks if task.row.waits]


def groups(book: Gradebook, lab: str) -> List[List[Mark]]:
    """The hand-ins that a person has to look at, decided or not, with the
    marks of their people."""
    return [
        theirs
        for theirs in by_submission(book.marks(lab))
        if any(row.verdict in BY_HAND for row in theirs[0].rows)
    ]


def waits(theirs: Sequence[Mark]) -> bool:
    return any(mark.waits for mark in theirs)


def number_of(theirs: Sequence[Mark]) -> int:
    assert theirs[0].submission is not None
    return theirs[0].submission.number


def progress(found: Sequence[Sequence[Mark]]) -> Progress:
    rows = [row for theirs in found for row in theirs[0].rows
            if row.verdict in BY_HAND]  # fmt: skip
    return Progress(
        len(rows), sum(not row.waits for row in rows),
        len(found), sum(not waits(theirs) for theirs in found),
    )  # fmt: skip


def next_waiting(found: Sequence[Sequence[Mark]], after: int = 0) -> int:
    """The first hand-in behind `after`, or from the top, where a row waits."""
    numbers = [number_of(theirs) for theirs in found]
    start = numbers.index(after) + 1 if after in numbers else 0
    for theirs in [*found[start:], *found[:start]]:
        if waits(theirs) and number_of(theirs) != after:
            return number_of(theirs)
    return 0


def open_desk(
    book: Gradebook, lab: str, number: int, counts: Mapping[str, str]
) -> Desk:
    """Lay out one hand-in; GradebookError where there is none like it."""
    found = groups(book, lab)
    numbers = [number_of(theirs) for theirs in found]
    if number not in numbers:
        raise GradebookError("nothing of hand-in %d is for a person" % number)
    at = numbers.index(number)
    theirs = found[at]
    mark = theirs[0]
    assert mark.submission is not None and mark.grading is not None
    report = book.report(mark.grading)
    folder = _folder(book.path.parent, mark.submission)
    page = folder / REPORT if folder else None
    return Desk(
        mark,
        mark.submission,
        tuple(one.name for one in theirs if one.student is not None),
        tuple(_tasks(theirs, report, counts)),
        tuple((at, row) for at, row in enumerate(mark.rows, 1)
              if row.verdict not in BY_HAND),
        tuple(one for one in _comments(theirs) if not one.criterion),
        _sources(folder),
        report,
        page if page and page.is_file() else None,
        at + 1,
        numbers[at - 1] if at else 0,
        numbers[at + 1] if at + 1 < len(numbers) else 0,
        next_waiting(found, number),
        progress(found),
    )  # fmt: skip


def _folder(out: Path, submission: Submission) -> Optional[Path]:
    """Where the results lie; a name that leads elsewhere has none."""
    place = out / SUBMISSIONS / submission.name
    inside = place.resolve().parent == (out / SUBMISSIONS).resolve()
    return place if inside else None


def _tasks(
    theirs: Sequence[Mark], report: Mapping[str, Any], counts: Mapping[str, str]
) -> List[Task]:
    findings: Dict[str, Any] = {one["id"]: one for one in report["criteria"]}
    comments = _comments(theirs)
    tasks = []
    for at, row in enumerate(theirs[0].rows, 1):
        if row.verdict not in BY_HAND:
            continue
        # What was decided for one of the team alone hides the team's row.
        those = [mark.rows[at - 1] for mark in theirs]
        shared = [one for one in those
                  if one.decision is None or not one.decision.student]  # fmt: skip
        tasks.append(
            Task(
                (shared or those)[0], at, findings.get(row.id, {}),
                counts.get(row.id, ""),
                tuple(one for one in comments if one.criterion == row.id),
                not shared,
            )
        )  # fmt: skip
    return tasks


def _comments(theirs: Sequence[Mark]) -> List[Comment]:
    """All of them once, the oldest first."""
    found = {one.entry: one for mark in theirs for one in mark.comments}
    return [found[entry] for entry in sorted(found)]


def _sources(folder: Optional[Path]) -> Tuple[Source, ...]:
    """Programs first, the server at the top."""
    if folder is None:
        return ()
    roles = {one.source: one.role for one in reversed(kept.programs(folder))}
    found = [_source(one, roles.get(one.path, "")) for one in kept.sources(folder)]
    order = {"server": 0, "": 2}
    found.sort(key=lambda one: (order.get(one.role, 1), one.path))
    return tuple(found)


def _source(source: SourceFile, role: str) -> Source:
    lines = source.text.replace("\r", "").expandtabs(4).split("\n")
    if lines and not lines[-1]:
        lines.pop()
    return Source(
        words.printable(source.path), tuple(lines[:MOST_LINES]),
        max(len(lines) - MOST_LINES, 0), layout.leading_comment(source), role,
    )  # fmt: skip
