"""Who has which mark, since when, and who said so?

A gradebook is one SQLite file that is only added to (its tables are described
in grader/gradebook_schema.py). Gradings come from the grader, decisions from
persons; the mark now is a view over the newest of both. Any number of
processes may use one book at once: a writer waits for the one before it.

    with Gradebook(Path("out/gradebook.sqlite")) as book:
        book.add_student(Student("s1", "Alder Ash", sis_id="4711"), who="roster")
        number = book.add_submission("order", "team4", students=("s1",))
        book.add_grading(number, report, basis)
        book.decide(number, "readable", 8, who="marker")
        for mark in book.marks(): ...
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
from dataclasses import astuple
from typing import Any, Iterator, List, Mapping, Optional, Sequence, Union

from grader import model, report_json
from grader.gradebook_decide import Decisions
from grader.gradebook_model import Basis, GradebookError, Student
from grader.gradebook_store import NAME, locate

__all__ = ["Gradebook", "GradebookError", "NAME", "locate"]


class Gradebook(Decisions):
    """A gradebook that is open; every method may raise GradebookError."""

    # ---- who, and what was handed in ------------------------------------

    def add_student(self, student: Student, who: str, why: str = "") -> int:
        """Say what is known of a student; returns the entry.

        What is known already is no new entry; anything else supersedes it.
        """
        if not student.id.strip():
            raise GradebookError("a student needs an id: %r" % student.name)
        with self.transaction():
            row = self._one(
                "SELECT * FROM student_now WHERE student = ?", student.id
            )
            if row is not None and tuple(row)[1:] == astuple(student):
                return int(row["entry"])
            before = row["entry"] if row else None
            entry = self._entry("student", who, why, before)
            self._insert("student", entry, *astuple(student))
            return entry

    def add_submission(
        self,
        lab: str,
        name: str,
        students: Sequence[str] = (),
        attempt: int = 1,
        late_s: float = 0.0,
        received: str = "",
        path: str = "",
        who: str = "mngrade",
        why: str = "",
    ) -> int:
        """Say that something was handed in; returns its number.

        Lab, name and attempt are what it goes by. The same again with other
        students, lateness (seconds) or path corrects what is known; the
        number stays. Students are ids; add them before or after.
        """
        ids = sorted(set(students))
        of = (lab, name, int(attempt), float(late_s), received, path)
        with self.transaction():
            row = self._one(
                "SELECT * FROM submission WHERE lab = ? AND name = ?"
                " AND attempt = ? ORDER BY entry DESC", *of[:3],
            )  # fmt: skip
            if row is not None and tuple(row)[2:] == of:
                if ids == self._members(row["entry"]) and self._stands(row):
                    return int(row["submission"])
            before = row["entry"] if row else None
            entry = self._entry("submission", who, why, before)
            known = int(row["submission"]) if row else entry
            self._insert("submission", entry, known, *of)
            for id in ids:
                self._insert("member", entry, id)
            return known

    def _members(self, entry: int) -> List[str]:
        found = self._all("SELECT student FROM member WHERE entry = ?", entry)
        return sorted(row["student"] for row in found)

    def _stands(self, row: sqlite3.Row) -> bool:
        found = "SELECT 1 FROM standing WHERE entry = ?"
        return self._one(found, row["entry"]) is not None

    # ---- gradings -------------------------------------------------------

    def add_grading(
        self,
        submission: int,
        report: Union[model.Report, Mapping[str, Any]],
        basis: Basis,
        who: str = "mngrade",
        why: str = "",
    ) -> int:
        """Keep one grading of a submission, whole; returns the entry.

        `report` may be the JSON report as data. Earlier gradings stay; this
        one counts from now on, and decisions stay on top of it.
        """
        of = (
            report_json.to_dict(report)
            if isinstance(report, model.Report)
            else dict(report)
        )
        if of.get("schema") != report_json.SCHEMA:
            raise GradebookError("no report of a grading: %.60r" % (of,))
        self.submission(submission)
        with self.transaction(), _fields_of(of):
            before = self._one(
                "SELECT entry FROM grading_now WHERE submission = ?", submission
            )
            entry = self._entry(
                "grading", who, why, before["entry"] if before else None
            )
            self._insert(
                "grading", entry, submission, of["status"],
                of.get("problem", ""), float(of["points"]),
                float(of["max_points"]), int(of["seed"]), of["backend"],
                basis.submission_sha256, basis.lab_sha256, basis.version,
                basis.machine, json.dumps(of, sort_keys=True, allow_nan=False),
            )  # fmt: skip
            self._add_rows(entry, of["criteria"])
            return entry

    def _add_rows(self, grading: int, rows: Sequence[Any]) -> None:
        for at, row in enumerate(rows):
            self._insert(
                "criterion", grading, at, row["id"], row["title"],
                row["verdict"], float(row["points"]),
                float(row["max_points"]), int(row.get("bonus", False)),
                row["reason"],
            )  # fmt: skip

    def find_grading(
        self, submission: int, basis: Basis, seed: int
    ) -> Optional[int]:
        """The newest grading of the same files by the same lab, grader and
        seed, whatever the machine; None where it has to be done."""
        row = self._one(
            "SELECT MAX(entry) AS entry FROM grading JOIN standing USING"
            " (entry) WHERE submission = ? AND submission_sha256 = ? AND"
            " lab_sha256 = ? AND version = ? AND seed = ?", submission,
            basis.submission_sha256, basis.lab_sha256, basis.version, seed,
        )  # fmt: skip
        return row["entry"] if row else None

    # ---- what was handed on ----------------------------------------------

    def add_export(
        self, lab: str, points: Mapping[str, float], where: str, who: str
    ) -> int:
        """Keep what a learning system was given: points by student id.

        An import of its file can then tell what was changed there.
        """
        with self.transaction():
            entry = self._entry("export", who, where, None)
            for student, given in sorted(points.items()):
                self._insert("exported", entry, lab, student, float(given))
            return entry

    def exported(self, lab: str, student: str) -> List[float]:
        """The points that were ever handed on, the newest last."""
        with self._reading():
            found = self._all(
                "SELECT points FROM exported JOIN standing USING (entry)"
                " WHERE lab = ? AND student = ? ORDER BY entry", lab, student,
            )  # fmt: skip
            return [row["points"] for row in found]


@contextlib.contextmanager
def _fields_of(report: Mapping[str, Any]) -> Iterator[None]:
    """A report that lacks something is a broken file, not our mistake."""
    try:
        yield
    except (KeyError, TypeError, ValueError, sqlite3.IntegrityError) as error:
        raise GradebookError(
            "the report of '%s' is broken: %s: %s"
            % (report.get("submission"), type(error).__name__, error)
        ) from error
