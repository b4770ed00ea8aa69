"""Do grades that were changed in a learning system come back, and only those?

A round trip: marks are exported, a person changes some in the file as the
learning system would hand it out, and the file is imported.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Callable, Dict, Iterator, List

import pytest
from made_up_book import (
    BASIS, FORMULA, STUDENTS, WHO, book, by_id, full_book, graded, hand_in,
    report,
)  # fmt: skip

from grader import export_canvas, export_table, gradebook_class
from grader import gradebook_export, gradebook_import, roster
from grader.export_sheet import Options
from grader.gradebook import Gradebook
from grader.gradebook_model import GradebookError, Student

FORMS = ("canvas", "moodle", "csv")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Gradebook]:
    with full_book(tmp_path) as opened:
        yield opened


Lines = List[List[str]]


def exported(made: Gradebook, form: str) -> Lines:
    """Export as the command does, and open the file as a spreadsheet does."""
    marks = made.marks()
    given = gradebook_export.export(made, form, marks, "order", Options())
    made.add_export("order", given.points, form, WHO)
    text = given.data.decode()
    return list(csv.reader(io.StringIO(text, newline="")))


def imported(
    made: Gradebook, form: str, lines: Lines, partial: bool = False
) -> gradebook_import.Plan:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows(lines)
    table = export_table.parse(out.getvalue().encode(), "back.csv")
    sheet = gradebook_import.understand(table)
    return gradebook_import.take(made, sheet, WHO, partial=partial)


def grade_column(form: str) -> str:
    return {"canvas": "order", "moodle": "Grade", "csv": "points"}[form]


def change(lines: Lines, form: str, old: str, new: str, which: int = 0) -> None:
    """Another grade in the nth row of those that have the old one."""
    at = lines[0].index(grade_column(form))
    rows = [line for line in lines if line[at] == old]
    rows[which][at] = new


def points(made: Gradebook) -> Dict[str, object]:
    return {m.student.id: m.points for m in made.marks() if m.student}


SAME: Dict[str, object] = {"4711": 66.25, "4712": 66.25, "4713": 66.25, "4714": None}


@pytest.mark.parametrize("form", FORMS)
def test_what_nobody_changed_changes_nothing(made: Gradebook, form: str) -> None:
    lines = exported(made, form)
    before = made.history()
    plan = imported(made, form, lines)
    assert plan.changes == () and plan.problems == ()
    assert made.history() == before


@pytest.mark.parametrize("form", FORMS)
def test_a_changed_grade_is_an_override_of_this_student(
    made: Gradebook, form: str
) -> None:
    lines = exported(made, form)
    change(lines, form, "66.25", "70.5")
    plan = imported(made, form, lines)
    (changed,) = plan.changes
    assert changed.mark.student is not None
    id = changed.mark.student.id
    expected = dict(SAME)
    expected[id] = 70.5
    assert points(made) == expected
    whole = by_id(made, id).whole
    assert (whole.kind, whole.who, whole.student) == ("override", WHO, id)
    assert whole.why == "imported from back.csv"
    # The second time there is nothing left to do.
    assert imported(made, form, lines).changes == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_dangerous_name_survives_the_trip(made: Gradebook, form: str) -> None:
    lines = exported(made, form)
    assert any("'" + FORMULA in line for line in lines)
    for at in range(3):
        change(lines, form, "66.25", "7%d" % at, 0)
    imported(made, form, lines)
    assert sorted(m.points or 0 for m in made.marks() if m.student) == [0, 70, 71, 72]
    assert FORMULA in [s.name for s in made.students()]


@pytest.mark.parametrize("form", FORMS)
def test_a_file_older_than_the_book_changes_nothing(
    made: Gradebook, form: str
) -> None:
    lines = exported(made, form)
    team = made.submissions()[0].number
    made.override(team, None, 80, WHO, "looked again")
    plan = imported(made, form, lines)
    assert plan.changes == () and len(plan.notes) == 2
    assert "as it was exported; here it is 80 since" in plan.notes[0]
    exported(made, form)  # a newer file does not make the old one news
    assert imported(made, form, lines).changes == ()
    assert points(made)["4711"] == 80


@pytest.mark.parametrize("form", FORMS)
def test_a_change_on_both_sides_is_a_conflict(made: Gradebook, form: str) -> None:
    lines = exported(made, form)
    team = made.submissions()[0].number
    made.override(team, None, 80, WHO, "looked again", student="4711")
    for new in ("90", "91", "92"):
        change(lines, form, "66.25", new)
    before = made.history()
    with pytest.raises(GradebookError) as told:
        imported(made, form, lines)
    first, last = str(told.value).splitlines()
    assert first.startswith("back.csv:") and "Alder Ash was changed to 9" in first
    assert "from 66.25 to 80 here" in first
    assert last == "nothing was imported"
    assert made.history() == before
    plan = imported(made, form, lines, partial=True)
    assert len(plan.changes) == 2 and len(plan.problems) == 1
    assert points(made)["4711"] == 80


def test_the_same_change_on_both_sides_is_none(made: Gradebook) -> None:
    lines = exported(made, "csv")
    made.override(made.submissions()[1].number, None, 90, WHO, "agreed")
    change(lines, "csv", "66.25", "90", [line[0] for line in lines
           if line[lines[0].index("points")] == "66.25"].index("4713"))  # fmt: skip
    assert imported(made, "csv", lines).changes == ()


@pytest.mark.parametrize(
    "spoil, why",
    [
        (lambda lines: lines[2].__setitem__(5, "A+"), r"back.csv:3: 'A\+' is no number"),
        (lambda lines: lines[2].__setitem__(5, "-3"), "back.csv:3: '-3' is no number"),
        (lambda lines: lines.append(["Oak", "555", "", "", "", "50"]),
         "back.csv:6: its ids: nobody|back.csv:6: 'Oak': nobody"),
        (lambda lines: lines.append(list(lines[2])), "back.csv:6: .* also in line 3"),
        (lambda lines: lines.append(["x", "104", "4714", "zfir", "B", "50"]),
         "back.csv:6: Zelkova Fir, Jr. has 50 there, and nothing"),
        (lambda lines: lines.append(["x", "101", "4712", "", "B", "50"]),
         "back.csv:6: its ids: it could be each of .*4711.*4712"),
    ],
)  # fmt: skip
def test_what_is_not_clear_is_told_with_file_and_line(
    made: Gradebook, spoil: Callable[[Lines], None], why: str
) -> None:
    lines = exported(made, "canvas")
    spoil(lines)
    before = made.history()
    with pytest.raises(GradebookError, match=why):
        imported(made, "canvas", lines)
    assert made.history() == before


def test_excused_and_strangers_without_a_grade_are_only_told(made: Gradebook) -> None:
    lines = exported(made, "canvas")
    lines[2][5] = "EX"
    lines.append(["Student, Test", "999", "", "", "A", ""])
    plan = imported(made, "canvas", lines)
    assert plan.changes == () and len(plan.notes) == 2
    assert "excused" in plan.notes[0] and "has no grade" in plan.notes[1]


def test_a_grade_for_a_mark_that_waits_is_taken(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        made.add_grading(hand_in(made, "x", "4711"), report(), BASIS)
        lines = [list(export_canvas.HEADER) + ["PA3 (1)"],
                 ["Ash", "101", "", "", "A", "85"]]  # fmt: skip
        imported(made, "canvas", lines)
        assert by_id(made, "4711").points == 85 and by_id(made, "4711").final


def test_an_import_can_be_undone(made: Gradebook) -> None:
    lines = exported(made, "moodle")
    change(lines, "moodle", "66.25", "70")
    imported(made, "moodle", lines)
    made.undo(made.history()[-1].entry, WHO, "the wrong file")
    assert points(made) == SAME


def test_a_table_of_something_else_is_refused(made: Gradebook) -> None:
    with pytest.raises(GradebookError, match="neither a gradebook of Canvas.*a, b"):
        imported(made, "csv", [["a", "b"], ["1", "2"]])


# ---- rosters -----------------------------------------------------------------


def take(made: Gradebook, text: str) -> gradebook_class.Taken:
    table = export_table.parse(text.encode(), "class.csv")
    return gradebook_class.take_roster(made, roster.of_table(table), WHO, "first week")


def test_a_roster_makes_a_class_and_finds_owners(tmp_path: Path) -> None:
    with Gradebook(tmp_path) as made:
        for name in ("17", "red", "Fir, Zelkova.zip", "stranger"):
            made.add_grading(hand_in(made, name), graded(), BASIS)
        taken = take(made, "id,name,team\n17,Ash,\n18,Elm,red\n19,Oak,red\n20,Zelkova Fir,\n")
        assert taken.new == ("17", "18", "19", "20")
        assert points(made) == {"17": 66.25, "18": 66.25, "19": 66.25, "20": 66.25}
        assert [n for n in taken.notes if "stranger" in n]
        assert [m.name for m in made.marks() if m.student is None] == ["stranger"]


def test_a_second_file_adds_ids_and_no_students(made: Gradebook) -> None:
    made.add_student(Student("4711", "Alder Ash", "4711"), WHO)
    taken = take(made, "Student,ID,SIS User ID,SIS Login ID,Section\n"
                       '"Ash, Alder",101,4711,aash,A\n"Elm, Birch",102,4712,belm,A\n')  # fmt: skip
    assert (taken.new, taken.changed) == ((), ("4711", "4712"))
    one = next(s for s in made.students() if s.id == "4711")
    assert (one.canvas_id, one.login, one.section) == ("101", "aash", "A")
    assert len(made.students()) == len(STUDENTS)


def test_a_roster_that_could_mean_two_is_refused_whole(made: Gradebook) -> None:
    before = made.history()
    with pytest.raises(GradebookError, match="4711.*4712"):
        take(made, "name,sis id,canvas id\nNew,5,500\nAsh,4711,102\n")
    assert made.history() == before
