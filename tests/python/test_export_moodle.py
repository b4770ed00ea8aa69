"""Would Moodle take our worksheet, and read from it what we mean?

The reader here goes by what Moodle's importer of worksheets does, and knows
nothing of how the file is written.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Dict, List

import pytest
from made_up_book import (
    BASIS, FORMULA, WHO, book, columns, full_book, graded, hand_in, report,
)  # fmt: skip

from grader import export_moodle, export_table
from grader.export_sheet import Options
from grader.gradebook_model import GradebookError, Student

PARTICIPANTS = ("901", "902", "903", "904")


def rows_of(data: bytes) -> List[List[str]]:
    text = data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def moodle_reads(data: bytes, most: float = 100, comma: bool = False) -> Dict[str, float]:
    """The grades that Moodle would set, by participant."""
    lines = rows_of(data)
    header = lines[0]
    at = {name: header.index(name)
          for name in ("Identifier", "Grade", "Last modified (grade)")}  # fmt: skip
    found = {}
    for line in lines[1:]:
        assert len(line) == len(header)
        id = line[at["Identifier"]][len("Participant ") :]
        assert id in PARTICIPANTS, "Moodle would pass over this row"
        text = line[at["Grade"]]
        if not text:
            continue
        grade = float(text.replace(",", ".") if comma else text)
        assert 0 <= grade <= most, "Moodle would drop this grade"
        found[id] = grade
    return found


WORKSHEET = (
    'Identifier,"Full name","ID number","Email address",Status,Grade,'
    '"Maximum grade","Grade can be changed","Last modified (submission)",'
    '"Online text","Last modified (grade)","Feedback comments"\n'
    '"Participant 901","Alder Ash",4711,aash@example.org,'
    '"Submitted for grading - ",,100.00,Yes,"Monday, 4 May 2026, 9:00 AM",'
    '"<p>text, ""here""</p>",-,\n'
    '"Participant 902","Birch Elm",,,"No submission",50.00,100.00,Yes,-,,'
    '"Tuesday, 5 May 2026, 1:00 PM","mine"\n'
    '"Participant 903",Hazel,,,x,,100.00,No,-,,-,\n'
    '"Participant 904","Zelkova Fir",,,x,,100.00,Yes,-,,-,\n'
    '"Participant 999",Stranger,,,x,12.00,100.00,Yes,-,,-,\n'
)


def fill(folder: Path, text: str, options: Options = Options()) -> bytes:
    table = export_table.parse(text.encode(), "sheet.csv")
    with full_book(folder) as made:
        return export_moodle.fill_template(table, made.marks(), options).data


def test_a_new_worksheet_is_what_moodle_imports(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        given = export_moodle.dumps(made.marks(), "order", Options())
    assert moodle_reads(given.data) == {"901": 66.25, "902": 66.25, "903": 66.25}
    lines = rows_of(given.data)
    assert columns(lines, "Maximum Grade")[0] == "100"
    names = columns(lines, "Full name")
    assert "'" + FORMULA in names
    assert not [c for line in lines for c in line if re.match(r"\s*[=+@]|-.", c)]


def test_feedback_is_html_that_nothing_can_break_out_of(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        number = made.submissions()[0].number
        made.comment(number, "a <script>alert(1)</script> & more", WHO)
        given = export_moodle.dumps(made.marks(), "order", Options())
    words = columns(rows_of(given.data), "Feedback comments")
    text = next(w for w in words if "alert" in w)
    assert "a &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    assert set(re.findall("<[^>]*>", text)) == {"<br />"}
    assert "26.25 of 60 (why order)" in text


def test_a_worksheet_of_moodle_is_filled_and_else_the_same(tmp_path: Path) -> None:
    data = fill(tmp_path, WORKSHEET).decode()
    before, after = WORKSHEET.splitlines(), data.splitlines()
    assert len(before) == len(after)
    assert [0, 3, 4, 5] == [n for n in range(6) if before[n] == after[n]]
    start, _grade = before[1].split(",,100.00")
    assert after[1].startswith(start + ",66.25,100.00" + before[1].split(",,100.00")[1][:40])
    # What somebody wrote into the comments stays.
    assert after[2] == before[2].replace("50.00,100.00", "66.25,100.00")


def test_what_is_locked_in_moodle_is_left_and_told(tmp_path: Path) -> None:
    table = export_table.parse(WORKSHEET.encode(), "sheet.csv")
    with full_book(tmp_path) as made:
        given = export_moodle.fill_template(table, made.marks(), Options())
    assert "4713" not in given.points
    assert any("locked in the file" in note for note in given.notes)


def test_moodle_of_another_country_gets_its_comma(tmp_path: Path) -> None:
    data = fill(tmp_path, WORKSHEET.replace("100.00", '"100,00"'))
    lines = rows_of(data)
    assert columns(lines, "Grade")[:2] == ["66,25", "66,25"]


def test_another_maximum_is_refused(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="at most 20 points, and the marks are of 100"):
        fill(tmp_path, WORKSHEET.replace("100.00", "20.00"))


@pytest.mark.parametrize("template", [False, True])
def test_more_than_the_maximum_is_refused_or_capped(
    tmp_path: Path, template: bool
) -> None:
    """Moodle would drop it without a word."""
    table = export_table.parse(WORKSHEET.encode(), "sheet.csv")

    def export(options: Options) -> bytes:
        if template:
            return export_moodle.fill_template(table, made.marks(), options).data
        return export_moodle.dumps(made.marks(), "order", options).data

    with full_book(tmp_path) as made:
        made.override(made.submissions()[0].number, None, 104, WHO, "extra")
        with pytest.raises(GradebookError, match="104 of 100 points.*--cap"):
            export(Options())
        lines = rows_of(export(Options(cap=True)))
    assert columns(lines, "Grade")[columns(lines, "Identifier").index("Participant 901")] == "100"


def test_a_mark_that_waits_changes_nothing_in_moodle(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        made.add_grading(hand_in(made, "x", "4711"), report(), BASIS)
        given = export_moodle.dumps(made.marks(), "order", Options())
    assert moodle_reads(given.data) == {}


def test_without_participants_a_worksheet_is_asked_for(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        for one in made.students():
            made.add_student(Student(one.id, one.name), WHO)
        made.add_grading(hand_in(made, "x", "4711"), graded(), BASIS)
        with pytest.raises(GradebookError, match="--template"):
            export_moodle.dumps(made.marks(), "order", Options())


@pytest.mark.parametrize("column", ["Identifier", "Grade", "Last modified (grade)"])
def test_a_column_that_moodle_needs_is_missed(tmp_path: Path, column: str) -> None:
    with pytest.raises(GradebookError, match="sheet.csv:1.*" + re.escape(column)):
        text = WORKSHEET.replace('"%s"' % column, "Other")
        fill(tmp_path, re.sub(r"\b%s," % re.escape(column), "Other,", text, 1))
