"""What happened in a gradebook, in the words of a person?

Tells every entry of the ledger in one line, and finds out what an undo of an
entry means.
"""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, Any, Callable, Dict, List, Set, Tuple

from grader.gradebook_model import Entry, GradebookError
from grader.words import count, number

if TYPE_CHECKING:
    from grader.gradebook_store import Store


def undo_of(db: sqlite3.Connection, entry: int) -> Tuple[int, bool]:
    """What an undo of this entry is about: the entry that goes or comes
    back, and whether it goes."""
    row = db.execute(
        "SELECT kind FROM entry WHERE entry = ?", (entry,)
    ).fetchone()
    if row is None:
        raise GradebookError("there is no entry %d" % entry)
    if row["kind"] == "export":
        raise GradebookError("what was exported cannot be taken back from here")
    if row["kind"] != "undo":
        if _is_undone(db, entry):
            raise GradebookError("entry %d is undone already" % entry)
        return entry, True
    undo = db.execute("SELECT * FROM undo WHERE entry = ?", (entry,)).fetchone()
    newest = db.execute(
        "SELECT MAX(entry) FROM undo WHERE target = ?", (undo["target"],)
    ).fetchone()[0]
    if newest != entry:
        raise GradebookError(
            "entry %d was superseded by entry %d: undo that one"
            % (entry, newest)
        )
    return undo["target"], not undo["undone"]


def _is_undone(db: sqlite3.Connection, entry: int) -> bool:
    stands = "SELECT 1 FROM standing WHERE entry = ?"
    return db.execute(stands, (entry,)).fetchone() is None


def entries(db: sqlite3.Connection) -> List[Entry]:
    """The whole ledger, the oldest entry first."""
    details = _details(db)
    stands = {row["entry"] for row in db.execute("SELECT entry FROM standing")}
    found = []
    for row in db.execute("SELECT * FROM entry ORDER BY entry"):
        of = details.get(row["entry"], {})
        found.append(
            Entry(
                row["entry"], row["at"], row["who"], row["why"], row["kind"],
                of.get("text", ""), row["supersedes"],
                row["entry"] not in stands, of.get("submission"),
                of.get("student", ""),
            )
        )  # fmt: skip
    return _with_undos(found, db)


def _with_undos(found: List[Entry], db: sqlite3.Connection) -> List[Entry]:
    """An undo concerns whom its target concerns."""
    by_number = {one.entry: one for one in found}
    targets = {
        row["entry"]: by_number[row["target"]]
        for row in db.execute("SELECT * FROM undo")
    }
    return [
        Entry(
            one.entry, one.at, one.who, one.why, one.kind, one.text,
            one.supersedes, one.undone, targets[one.entry].submission,
            targets[one.entry].student,
        )
        if one.entry in targets
        else one
        for one in found
    ]  # fmt: skip


def _details(db: sqlite3.Connection) -> Dict[int, Dict[str, Any]]:
    """Text, submission and student of each entry, by its number."""
    tables: Tuple[Tuple[str, Callable[[sqlite3.Row], Dict[str, Any]]], ...] = (
        ("SELECT * FROM student", _student),
        ("SELECT *, (SELECT group_concat(student, ', ') FROM member m"
         " WHERE m.entry = s.entry) AS students FROM submission s",
         _submission),
        ("SELECT * FROM grading", _grading),
        ("SELECT d.*, e.kind FROM decision d JOIN entry e USING (entry)",
         _decision),
        ("SELECT * FROM undo", _undo),
        ("SELECT entry, lab, COUNT(*) AS many FROM exported GROUP BY entry",
         _export),
    )  # fmt: skip
    return {
        row["entry"]: tell(row)
        for query, tell in tables
        for row in db.execute(query)
    }


def _student(row: sqlite3.Row) -> Dict[str, Any]:
    named = ("sis_id", "login", "email", "canvas_id", "moodle_id", "section",
             "team")  # fmt: skip
    known = ["%s %s" % (key, row[key]) for key in named if row[key]]
    text = "%s (%s)" % (row["name"] or row["student"], ", ".join(known))
    return {"text": text, "student": row["student"]}


def _submission(row: sqlite3.Row) -> Dict[str, Any]:
    late = ", %s s late" % number(row["late_s"]) if row["late_s"] else ""
    text = "%s: %s, attempt %d%s, of %s" % (
        row["lab"], row["name"], row["attempt"], late,
        row["students"] or "nobody known",
    )  # fmt: skip
    return {"text": text, "submission": row["submission"]}


def _grading(row: sqlite3.Row) -> Dict[str, Any]:
    text = "%s: %s of %s (files %.8s, lab %.8s, mngrade %s, seed %d)" % (
        row["status"], number(row["points"]), number(row["max_points"]),
        row["submission_sha256"], row["lab_sha256"], row["version"],
        row["seed"],
    )  # fmt: skip
    return {"text": text, "submission": row["submission"]}


def _decision(row: sqlite3.Row) -> Dict[str, Any]:
    on = row["criterion"] or "the whole"
    if row["kind"] == "comment":
        text = "on %s: %s" % (on, row["text"])
    else:
        text = "%s: %s points" % (on, number(row["points"]))
        below = number(row["below_points"])
        text += " instead of %s" % below if row["kind"] == "override" else ""
    if row["student"]:
        text += " (%s alone)" % row["student"]
    return {
        "text": text, "submission": row["submission"],
        "student": row["student"],
    }  # fmt: skip


def _undo(row: sqlite3.Row) -> Dict[str, Any]:
    does = "undoes" if row["undone"] else "brings back"
    return {"text": "%s entry %d" % (does, row["target"])}


def _export(row: sqlite3.Row) -> Dict[str, Any]:
    return {"text": "%s of %s" % (count(row["many"], "mark"), row["lab"])}


def of_student(found: List[Entry], student: str, book: "Store") -> List[Entry]:
    """What concerns a student: in person, or through a hand-in, but not what
    holds for somebody else of the team alone."""
    theirs: Set[int] = {
        one.number for one in book.submissions() if student in one.students
    }
    return [
        one
        for one in found
        if one.student == student
        or (not one.student and one.submission in theirs)
    ]
