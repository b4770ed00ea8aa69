"""What are the marks now, and who still has to decide what?

Reads the views of grader/gradebook_schema.py and lays them out as data; what
counts is decided there, in SQL. Here it is told which decisions rest on
something that has changed since.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Dict, Iterable, List, Optional, Tuple

from grader.gradebook_model import (
    Basis,
    Comment,
    Decision,
    Grading,
    GradebookError,
    Mark,
    Pending,
    RowMark,
    Student,
    Submission,
)
from grader.model import Verdict
from grader.words import number

Key = Tuple[int, str]  # submission, student ("" for nobody known)


def students(db: sqlite3.Connection) -> List[Student]:
    """Everybody in the book, sorted by name."""
    found = [
        Student(
            row["student"], row["name"], row["sis_id"], row["login"],
            row["email"], row["canvas_id"], row["moodle_id"],
            row["section"], row["team"],
        )
        for row in db.execute("SELECT * FROM student_now")
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.name.casefold(), one.id))


def submissions(
    db: sqlite3.Connection,
    lab: Optional[str] = None,
    only: Optional[int] = None,
) -> List[Submission]:
    """All hand-ins, in the order in which they became known, or one."""
    which = "" if only is None else " WHERE submission = %d" % only
    members: Dict[int, List[str]] = {}
    for row in db.execute(
        "SELECT m.* FROM submission_now JOIN member m USING (entry)"
        + which + " ORDER BY m.student"
    ):  # fmt: skip
        members.setdefault(row["entry"], []).append(row["student"])
    return [
        Submission(
            row["submission"], row["lab"], row["name"], row["attempt"],
            row["late_s"], row["received"], row["path"],
            tuple(members.get(row["entry"], ())),
        )
        for row in db.execute(
            "SELECT * FROM submission_now" + which + " ORDER BY submission"
        )
        if lab is None or row["lab"] == lab
    ]  # fmt: skip


def labs(db: sqlite3.Connection) -> List[str]:
    """The labs that there are submissions of, sorted."""
    found = db.execute("SELECT DISTINCT lab FROM submission_now ORDER BY lab")
    return [row["lab"] for row in found]


def gradings(db: sqlite3.Connection, submission: int) -> List[Grading]:
    """All gradings of one submission that stand, the oldest first."""
    found = db.execute(
        "SELECT g.*, e.at FROM grading g JOIN standing e USING (entry)"
        " WHERE g.submission = ? ORDER BY g.entry",
        (submission,),
    )
    return [
        Grading(
            row["entry"], row["at"], row["submission"], row["status"],
            row["problem"], row["points"], row["max_points"], row["seed"],
            row["backend"],
            Basis(
                row["submission_sha256"], row["lab_sha256"], row["version"],
                row["machine"],
            ),
        )
        for row in found
    ]  # fmt: skip


def one_lab(db: sqlite3.Connection, lab: Optional[str]) -> str:
    """The lab that is meant; "" for a book without submissions."""
    known = labs(db)
    if lab is not None:
        if known and lab not in known:
            raise GradebookError(
                "the gradebook has no lab '%s'; it has: %s"
                % (lab, ", ".join(known))
            )
        return lab
    if len(known) > 1:
        raise GradebookError(
            "the gradebook has several labs, say which one: %s"
            % ", ".join(known)
        )
    return known[0] if known else ""


def marks(
    db: sqlite3.Connection, lab: Optional[str] = None, attempts: str = "last"
) -> List[Mark]:
    """One mark for each student, and for each submission of nobody known.

    `attempts` says which one counts: "last", or "best" by points.
    """
    if attempts not in ("last", "best"):
        raise GradebookError("which attempt counts is 'last' or 'best'")
    lab = one_lab(db, lab)
    everybody = students(db)
    every = _all_marks(db, lab, {one.id: one for one in everybody})
    found: List[Mark] = []
    for student in everybody:
        theirs = [m for m in every if m.student and m.student.id == student.id]
        found.append(_counts(theirs, attempts) if theirs else Mark(student, None))
    found += [mark for mark in every if mark.student is None]
    return found


def _counts(theirs: List[Mark], attempts: str) -> Mark:
    def newest(mark: Mark) -> Any:
        assert mark.submission is not None
        return (mark.submission.attempt, mark.submission.number)

    def best(mark: Mark) -> Any:
        points = -1.0 if mark.points is None else mark.points
        return (points, newest(mark))

    return max(theirs, key=best if attempts == "best" else newest)


def _all_marks(
    db: sqlite3.Connection, lab: str, known: Dict[str, Student]
) -> List[Mark]:
    decisions, wholes = _decisions(db)
    rows = _rows(db, lab, decisions)
    totals = {
        (row["submission"], row["student"]): row
        for row in db.execute("SELECT * FROM mark_now WHERE lab = ?", (lab,))
    }
    hashes = {
        row["entry"]: row["submission_sha256"]
        for row in db.execute("SELECT entry, submission_sha256 FROM grading_now")
    }
    comments = _comments(db)
    lost = _lost(db)
    found = []
    for one in submissions(db, lab):
        for id in one.students or ("",):
            key = (one.number, id)
            total = totals.get(key)
            shared = totals.get((one.number, ""))
            found.append(
                Mark(
                    student=known.get(id, Student(id)) if id else None,
                    submission=one,
                    rows=tuple(rows.get(key, ())),
                    comments=tuple(
                        c for c in comments.get(one.number, ())
                        if c.student in ("", id)
                    ),
                    notes=tuple(lost.get(one.number, ())),
                    **_of_total(total, shared, wholes, hashes),
                )
            )  # fmt: skip
    return found


def _rows(
    db: sqlite3.Connection, lab: str, decisions: Dict[int, sqlite3.Row]
) -> Dict[Key, List[RowMark]]:
    """The criteria of each mark, in the order of the rubric."""
    found: Dict[Key, List[RowMark]] = {}
    for row in db.execute(
        "SELECT * FROM row_now WHERE lab = ? ORDER BY position", (lab,)
    ):
        key = (row["submission"], row["student"])
        found.setdefault(key, []).append(_row_mark(row, decisions))
    return found


def _of_total(
    total: Optional[sqlite3.Row],
    shared: Optional[sqlite3.Row],
    wholes: Dict[int, sqlite3.Row],
    hashes: Dict[int, str],
) -> Dict[str, Any]:
    """The fields of a mark that a row of mark_now says."""
    if total is None or shared is None:
        return {}
    whole = None
    if total["decision"] is not None:
        row = wholes[total["decision"]]
        below = total if row["student"] else shared
        now = (
            "", below["points_of_rows"], below["max_points"],
            hashes[total["grading"]],
        )  # fmt: skip
        whole = _decision(row, now)
    return {
        "points": round(total["points"], 6),
        "max_points": round(total["max_points"], 6),
        "pending_points": round(total["pending_points"], 6),
        "grading": total["grading"],
        "status": total["status"],
        "whole": whole,
    }


def _decisions(
    db: sqlite3.Connection,
) -> Tuple[Dict[int, sqlite3.Row], Dict[int, sqlite3.Row]]:
    """Those on a row, and those on the whole, by their entries."""
    on_rows: Dict[int, sqlite3.Row] = {}
    wholes: Dict[int, sqlite3.Row] = {}
    for row in db.execute("SELECT * FROM decision_now"):
        (on_rows if row["criterion"] else wholes)[row["entry"]] = row
    return on_rows, wholes


def _row_mark(
    row: sqlite3.Row, decisions: Dict[int, sqlite3.Row]
) -> RowMark:
    decision = None
    if row["decision"] is not None:
        now = (
            row["verdict"], row["judged"], row["max_points"],
            row["submission_sha256"],
        )  # fmt: skip
        decision = _decision(decisions[row["decision"]], now)
    return RowMark(
        row["criterion"], row["title"], Verdict(row["verdict"]),
        row["judged"], row["max_points"], bool(row["bonus"]), row["reason"],
        decision,
    )  # fmt: skip


def _decision(row: sqlite3.Row, now: Tuple[str, float, float, str]) -> Decision:
    return Decision(
        row["entry"], row["at"], row["who"], row["why"], row["kind"],
        row["points"], row["student"], _changed(row, now),
    )  # fmt: skip


def _changed(row: sqlite3.Row, now: Tuple[str, float, float, str]) -> str:
    """What lies under a decision now and did not when it was made."""
    verdict, points, most, sha256 = now

    def told(verdict: str, points: float, most: float) -> str:
        shown = "%s of %s" % (number(points), number(most))
        return "%s, %s" % (verdict, shown) if verdict else shown

    was = told(row["below_verdict"], row["below_points"], row["below_max"])
    is_now = told(verdict, points, most)
    if was != is_now:
        return "decided on %s, which is %s now" % (was, is_now)
    if row["below_sha256"] != sha256:
        return "decided on other files than were graded since"
    return ""


def _comments(db: sqlite3.Connection) -> Dict[int, List[Comment]]:
    found: Dict[int, List[Comment]] = {}
    for row in db.execute(
        "SELECT d.*, e.at, e.who FROM decision d JOIN standing e USING (entry)"
        " WHERE e.kind = 'comment' ORDER BY d.entry"
    ):
        found.setdefault(row["submission"], []).append(
            Comment(
                row["entry"], row["at"], row["who"], row["text"],
                row["criterion"], row["student"],
            )
        )  # fmt: skip
    return found


def _lost(db: sqlite3.Connection) -> Dict[int, List[str]]:
    """Decisions on a criterion that the newest rubric does not have."""
    found: Dict[int, List[str]] = {}
    for row in db.execute(
        "SELECT d.submission, d.criterion, d.points FROM decision_now d"
        " JOIN grading_now g USING (submission) WHERE d.criterion <> ''"
        " AND NOT EXISTS (SELECT 1 FROM criterion c WHERE c.entry = g.entry"
        " AND c.criterion = d.criterion) ORDER BY d.entry"
    ):
        found.setdefault(row["submission"], []).append(
            "%s points were decided for '%s', which the newest rubric does"
            " not have: they do not count"
            % (number(row["points"]), row["criterion"])
        )
    return found


def pending(marks_now: Iterable[Mark]) -> List[Pending]:
    """What waits for a person, a submission after the other, once each."""
    seen = set()
    found = []
    for mark in marks_now:
        if mark.submission is None or mark.grading is None or not mark.waits:
            continue
        for row in mark.rows:
            key = (mark.submission.number, row.id)
            if row.waits and key not in seen:
                seen.add(key)
                found.append(
                    Pending(
                        mark.submission, row.id, row.title, row.verdict,
                        row.max_points, row.reason, mark.grading,
                    )
                )  # fmt: skip
    return found
