"""What are the words of a gradebook, as data?

Points are numbers as the rubric writes them. Times are texts in UTC,
`2024-05-01T09:30:00.000Z`. An entry is one row of the ledger, named by its
number; numbers only grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from grader.model import Verdict


class GradebookError(Exception):
    """One clear message: what could not be read, written or decided."""


@dataclass(frozen=True)
class Student:
    """One person of the class, as rosters and learning systems name them.

    `id` is the gradebook's own name for the student and never changes; the
    others are empty where nobody said them. `moodle_id` is the number of
    Moodle's `Participant 123`, without the word.
    """

    id: str
    name: str = ""
    sis_id: str = ""
    login: str = ""
    email: str = ""
    canvas_id: str = ""
    moodle_id: str = ""
    section: str = ""
    team: str = ""


@dataclass(frozen=True)
class Submission:
    """One hand-in: of nobody known, of one student, or of a team."""

    number: int
    lab: str
    name: str
    attempt: int = 1
    late_s: float = 0.0  # seconds after the deadline; 0 is in time
    received: str = ""  # name of what was received, as the sender named it
    path: str = ""  # where it lay when it was graded
    students: Tuple[str, ...] = ()  # ids


@dataclass(frozen=True)
class Basis:
    """What a grading rests on, besides its seed.

    Two gradings with the same basis and seed must agree.
    """

    submission_sha256: str  # over the staged tree
    lab_sha256: str  # over the lab's folder
    version: str  # of mngrade
    machine: str = "{}"  # JSON: uname, cores, Python


@dataclass(frozen=True)
class Grading:
    """One grading as it was kept; its report is read by its entry."""

    entry: int
    at: str
    submission: int
    status: str  # "graded", "incomplete", "ungradable"
    problem: str
    points: float
    max_points: float
    seed: int
    backend: str
    basis: Basis


@dataclass(frozen=True)
class Decision:
    """Points that a person gave.

    `stale` says what changed below it since; empty where nothing did.
    """

    entry: int
    at: str
    who: str
    why: str
    kind: str  # "points" for a row that waited, "override" for any other
    points: float
    student: str = ""  # for this student of the team alone
    stale: str = ""


@dataclass(frozen=True)
class Comment:
    """What a person wrote, about one criterion or ("") about the whole."""

    entry: int
    at: str
    who: str
    text: str
    criterion: str = ""
    student: str = ""


@dataclass(frozen=True)
class RowMark:
    """One criterion: what the newest grading says, and what a person did."""

    id: str
    title: str
    verdict: Verdict
    judged: float  # points of the grading
    max_points: float
    bonus: bool
    reason: str
    decision: Optional[Decision] = None

    @property
    def waits(self) -> bool:
        """Whether a person still has to decide."""
        return self.decision is None and self.verdict in (
            Verdict.MANUAL,
            Verdict.NOT_JUDGED,
        )

    @property
    def points(self) -> Optional[float]:
        """The points now; None while the row waits for a person."""
        if self.decision is not None:
            return self.decision.points
        return None if self.waits else self.judged


@dataclass(frozen=True)
class Mark:
    """What one student has for one lab, now.

    `student` is None for a submission of nobody known; `submission` is None
    for a student who handed nothing in; `grading` is None before the first
    grading. `points` is what is certain: rows that wait count nothing.
    """

    student: Optional[Student]
    submission: Optional[Submission]
    rows: Tuple[RowMark, ...] = ()
    points: Optional[float] = None
    max_points: float = 0.0
    pending_points: float = 0.0
    whole: Optional[Decision] = None  # an override of the whole mark
    comments: Tuple[Comment, ...] = ()
    grading: Optional[int] = None
    status: str = ""
    notes: Tuple[str, ...] = ()

    @property
    def waits(self) -> bool:
        """Whether a row still waits for a person."""
        return self.whole is None and any(row.waits for row in self.rows)

    @property
    def final(self) -> bool:
        """Whether there is a mark that waits for nobody."""
        return self.points is not None and not self.waits

    @property
    def stale(self) -> Tuple[str, ...]:
        """The decisions whose basis has changed, one line each."""
        told = [
            "%s: %s" % (row.id, row.decision.stale)
            for row in self.rows
            if row.decision and row.decision.stale
        ]
        if self.whole and self.whole.stale:
            told.append("the whole mark: " + self.whole.stale)
        return tuple(told)

    @property
    def name(self) -> str:
        """How a table names it: the student, or else the submission."""
        if self.student is not None:
            return self.student.name or self.student.id
        return self.submission.name if self.submission else ""


@dataclass(frozen=True)
class Pending:
    """One row of one submission that a person has to decide."""

    submission: Submission
    criterion: str
    title: str
    verdict: Verdict  # MANUAL or NOT_JUDGED
    max_points: float
    reason: str  # what the grading laid out for the person
    grading: int


@dataclass(frozen=True)
class Entry:
    """One row of the ledger, told in one line."""

    entry: int
    at: str
    who: str
    why: str
    kind: str
    text: str
    supersedes: Optional[int] = None
    undone: bool = False
    submission: Optional[int] = None
    student: str = ""
