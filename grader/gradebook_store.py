"""How is a gradebook opened and read, and how is anything written to it?

What is said once for everything that is kept: the file, the transactions, the
ledger, and the marks of now. What may be written is in the classes above
this one.
"""

from __future__ import annotations

import contextlib
import datetime
import json
import sqlite3
from pathlib import Path
from types import TracebackType
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Optional,
    Tuple,
    Type,
    TypeVar,
)

from grader import gradebook_file, gradebook_history, gradebook_marks
from grader.gradebook_model import (
    Entry,
    Grading,
    GradebookError,
    Mark,
    Pending,
    Student,
    Submission,
)

_Book = TypeVar("_Book", bound="Store")

#: What a gradebook is called in the folder of a class.
NAME = "gradebook.sqlite"
#: Seconds that a writer waits for others before it gives up.
BUSY_S = 60.0


def utc_now() -> str:
    """The time now, as the ledger writes it."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return now.strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (
        now.microsecond // 1000
    )


def locate(place: Path) -> Path:
    """The gradebook's file, from its own path or that of its folder."""
    return place / NAME if place.is_dir() else place


class Store:
    """A gradebook that is open; every method may raise GradebookError."""

    def __init__(
        self,
        path: Path,
        create: bool = True,
        clock: Callable[[], str] = utc_now,
        busy_s: float = BUSY_S,
    ) -> None:
        """Open the book at `path` (its file or its folder); make it where
        there is none, unless `create` is False."""
        self.path = locate(path)
        self._clock = clock
        self._depth = 0
        with _told(self.path):
            self._db = gradebook_file.connect(self.path, create, busy_s)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def __enter__(self: _Book) -> _Book:
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self.close()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """All that is written inside is kept together, or nothing of it.

        It may be nested: an inner one that fails takes back its own part.
        """
        if self._depth:
            begin, end = "SAVEPOINT part", "RELEASE part"
            fail = ["ROLLBACK TO part", end]
        else:
            begin, end, fail = "BEGIN IMMEDIATE", "COMMIT", ["ROLLBACK"]
        with _told(self.path):
            self._db.execute(begin)
            self._depth += 1
            try:
                yield
                self._db.execute(end)
            except BaseException:
                # A full disk may have ended the transaction already.
                if self._db.in_transaction:
                    for statement in fail:
                        self._db.execute(statement)
                raise
            finally:
                self._depth -= 1

    # ---- reading ---------------------------------------------------------

    def students(self) -> List[Student]:
        """Everybody in the book, sorted by name."""
        with self._reading():
            return gradebook_marks.students(self._db)

    def labs(self) -> List[str]:
        """The labs that there are submissions of, sorted."""
        with self._reading():
            return gradebook_marks.labs(self._db)

    def one_lab(self, lab: Optional[str] = None) -> str:
        """The lab that is meant where nobody says it; "" in an empty book.
        An error where there are several, or not this one."""
        with self._reading():
            return gradebook_marks.one_lab(self._db, lab)

    def submissions(self, lab: Optional[str] = None) -> List[Submission]:
        """All hand-ins, in the order in which they became known."""
        with self._reading():
            return gradebook_marks.submissions(self._db, lab)

    def submission(self, number: int) -> Submission:
        """One hand-in by its number."""
        with self._reading():
            found = gradebook_marks.submissions(self._db, only=number)
        if not found:
            raise GradebookError("there is no submission %d" % number)
        return found[0]

    def gradings(self, submission: int) -> List[Grading]:
        """All gradings of a submission that stand, the oldest first."""
        with self._reading():
            return gradebook_marks.gradings(self._db, submission)

    def report(self, grading: int) -> Dict[str, Any]:
        """The whole JSON report of a grading, by its entry."""
        with self._reading():
            row = self._one("SELECT * FROM grading WHERE entry = ?", grading)
        if row is None:
            raise GradebookError("entry %d is no grading" % grading)
        found: Dict[str, Any] = json.loads(row["report"])
        return found

    def marks(
        self, lab: Optional[str] = None, attempts: str = "last"
    ) -> List[Mark]:
        """The marks now: one for each student, with or without a hand-in,
        sorted by name; then one for each hand-in of nobody known.

        Of several attempts the last counts, or the "best" by points. A book
        with several labs needs `lab`.
        """
        with self._reading():
            return gradebook_marks.marks(self._db, lab, attempts)

    def pending_manual(self, lab: Optional[str] = None) -> List[Pending]:
        """The rows of hand-ins that count which wait for a person: manual
        ones, and those that the harness could not judge."""
        return gradebook_marks.pending(self.marks(lab))

    def history(
        self, submission: Optional[int] = None, student: Optional[str] = None
    ) -> List[Entry]:
        """The ledger, the oldest entry first: all of it, or what concerns
        one submission (by number) or one student (by id)."""
        with self._reading():
            found = gradebook_history.entries(self._db)
        if submission is not None:
            found = [e for e in found if e.submission == submission]
        if student is not None:
            found = gradebook_history.of_student(found, student, self)
        return found

    # ---- the ledger -------------------------------------------------------

    @contextlib.contextmanager
    def _reading(self) -> Iterator[None]:
        """All that is read inside is of one moment."""
        with _told(self.path):
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("ROLLBACK")

    def _one(self, sql: str, *values: object) -> Optional[sqlite3.Row]:
        found = self._db.execute(sql, _storable(values))
        row: Optional[sqlite3.Row] = found.fetchone()
        return row

    def _all(self, sql: str, *values: object) -> List[sqlite3.Row]:
        return self._db.execute(sql, _storable(values)).fetchall()

    def _entry(
        self, kind: str, who: str, why: str, supersedes: Optional[int]
    ) -> int:
        """Add a row to the ledger; returns its number."""
        if not who.strip():
            raise GradebookError("who does it? A name is needed")
        cursor = self._db.execute(
            "INSERT INTO entry (at, who, why, kind, supersedes)"
            " VALUES (?, ?, ?, ?, ?)",
            _storable((self._clock(), who.strip(), why.strip(), kind, supersedes)),
        )
        assert cursor.lastrowid is not None
        return cursor.lastrowid

    def _insert(self, table: str, *values: object) -> None:
        marks = ", ".join("?" * len(values))
        insert = "INSERT INTO %s VALUES (%s)" % (table, marks)
        self._db.execute(insert, _storable(values))


def _storable(values: Iterable[object]) -> Tuple[object, ...]:
    """A name of a file that is no UTF-8 is kept as it can be shown."""
    return tuple(
        one.encode("utf-8", "backslashreplace").decode() if isinstance(one, str)
        else one
        for one in values
    )


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the database complains of, as one clear message."""
    try:
        yield
    except sqlite3.Error as error:
        raise GradebookError("%s: %s" % (path, _meaning(error))) from error
    except OSError as error:
        why = error.strerror or str(error)
        raise GradebookError("%s: %s" % (path, why)) from error


_KEPT = "nothing of this was written, what was there before is safe"


def _meaning(error: sqlite3.Error) -> str:
    told = str(error)
    if "is full" in told or "disk I/O" in told:
        return "the disk is full or broken (%s); %s" % (told, _KEPT)
    if "locked" in told:
        return "another process keeps writing to it; " + _KEPT
    if "readonly" in told:
        return "it cannot be written to; " + _KEPT
    return told
