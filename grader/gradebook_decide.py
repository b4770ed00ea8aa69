"""What may a person decide, and how is that kept beside the gradings?

Points for a row that waits, points over a verdict, words. Each is a new entry
with who, when and why; it supersedes the one before, and keeps what it was
decided on, so that a grading that changes this later can be noticed.
"""

from __future__ import annotations

import math
from typing import Optional

from grader import gradebook_history, model
from grader.gradebook_model import GradebookError, RowMark
from grader.gradebook_store import Store
from grader.words import nearest, number


class Decisions(Store):
    """The part of a gradebook that persons write."""

    def decide(
        self,
        submission: int,
        criterion: str,
        points: float,
        who: str,
        why: str = "",
        student: str = "",
        seen: Optional[int] = None,
    ) -> int:
        """Give points for a row that waits for a person; returns the entry.

        Points are from 0 to the row's maximum. `student` (an id) makes it
        hold for this one of the team. With `seen`, the entry of the decision
        that the person looked at (0: none), it is refused where somebody
        else decided since.
        """
        with self.transaction():
            row = self._row(submission, criterion, student)
            if row.verdict not in (
                model.Verdict.MANUAL,
                model.Verdict.NOT_JUDGED,
            ):
                raise GradebookError(
                    "'%s' is judged automatically (%s): to give other points,"
                    " override it" % (criterion, row.verdict.value)
                )
            return self._give(
                "points", submission, row, points, who, why, student, seen
            )

    def override(
        self,
        submission: int,
        criterion: Optional[str],
        points: float,
        who: str,
        why: str,
        student: str = "",
        seen: Optional[int] = None,
    ) -> int:
        """Give other points than the grading did; returns the entry.

        A criterion of None is the whole mark, which may exceed the maximum.
        Who and why are required. `student` and `seen` as in `decide`.
        """
        if not why.strip():
            raise GradebookError("an override needs a reason")
        with self.transaction():
            row = self._row(submission, criterion, student)
            return self._give(
                "override", submission, row, points, who, why, student, seen
            )

    def comment(
        self,
        submission: int,
        text: str,
        who: str,
        criterion: Optional[str] = None,
        student: str = "",
    ) -> int:
        """Say something about a criterion, or (None) about the whole."""
        if not text.strip():
            raise GradebookError("a comment needs words")
        with self.transaction():
            if criterion is None:
                self._check_part(submission, student)
            else:
                self._row(submission, criterion, student)
            entry = self._entry("comment", who, "", None)
            self._insert(
                "decision", entry, submission, criterion or "", student, None,
                text, "", None, None, "",
            )  # fmt: skip
            return entry

    def undo(self, entry: int, who: str, why: str) -> int:
        """Take an entry back, or bring back what an undo took; returns the
        entry that says so. The reason is required."""
        if not why.strip():
            raise GradebookError("an undo needs a reason")
        with self.transaction():
            target, undone = gradebook_history.undo_of(self._db, entry)
            new = self._entry("undo", who, why, entry)
            self._insert("undo", new, target, int(undone))
            return new

    def _give(
        self,
        kind: str,
        submission: int,
        row: RowMark,
        points: float,
        who: str,
        why: str,
        student: str,
        seen: Optional[int],
    ) -> int:
        most = row.max_points if row.id else math.inf
        if not (math.isfinite(points) and 0 <= points <= most):
            upto = " to %s" % number(most) if row.id else " on"
            raise GradebookError(
                "%s points for '%s': they go from 0%s"
                % (points, row.id or "the whole mark", upto)
            )
        before = self._one(
            "SELECT entry, who FROM decision_now WHERE submission = ? AND"
            " criterion = ? AND student = ?", submission, row.id, student,
        )  # fmt: skip
        newest = before["entry"] if before else 0
        if seen is not None and seen != newest:
            raise GradebookError(
                "somebody else decided '%s' meanwhile (entry %d): look again"
                % (row.id or "the whole mark", newest)
            )
        sha256 = self._one(
            "SELECT submission_sha256 AS it FROM grading_now"
            " WHERE submission = ?", submission,
        )  # fmt: skip
        entry = self._entry(kind, who, why, newest or None)
        self._insert(
            "decision", entry, submission, row.id, student, float(points), "",
            row.verdict.value if row.id else "", row.judged, row.max_points,
            sha256["it"] if sha256 else "",
        )  # fmt: skip
        return entry

    def _check_part(self, submission: int, student: str) -> None:
        found = self.submission(submission)
        if student and student not in found.students:
            raise GradebookError(
                "student '%s' has no part in submission %d (%s)"
                % (student, submission, found.name)
            )

    def _row(
        self, submission: int, criterion: Optional[str], student: str
    ) -> RowMark:
        """What the newest grading says of a criterion, or (id "") in all."""
        self._check_part(submission, student)
        newest = self._one(
            "SELECT * FROM grading_now WHERE submission = ?", submission
        )
        if newest is None:
            raise GradebookError("submission %d is not graded yet" % submission)
        if criterion is None:
            total = self._one(
                "SELECT * FROM mark_now WHERE submission = ? AND student = ?",
                submission, student,
            )  # fmt: skip
            assert total is not None
            return RowMark(
                "", "", model.Verdict.PASS, total["points_of_rows"],
                total["max_points"], False, "",
            )  # fmt: skip
        rows = self._all(
            "SELECT * FROM criterion WHERE entry = ?", newest["entry"]
        )
        for row in rows:
            if row["criterion"] == criterion:
                return RowMark(
                    criterion, row["title"], model.Verdict(row["verdict"]),
                    row["points"], row["max_points"], bool(row["bonus"]),
                    row["reason"],
                )  # fmt: skip
        known = [row["criterion"] for row in rows]
        meant = nearest(criterion, known)
        raise GradebookError(
            "submission %d has no criterion '%s'%s"
            % (
                submission,
                criterion,
                "; did you mean '%s'?" % meant if meant else "",
            )
        )
