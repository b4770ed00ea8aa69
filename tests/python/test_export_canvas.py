"""Would Canvas take our file, and read from it what we mean?

The reader here goes by what Canvas' own importer does, and knows nothing of
how the file is written.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import pytest
from made_up_book import BASIS, FORMULA, STUDENTS, WHO, book, full_book, hand_in, report

from grader import export_canvas, export_table
from grader.export_sheet import Options
from grader.gradebook import Gradebook
from grader.gradebook_model import GradebookError, Student

#: Canvas' students: its number, SIS id, login, name.
ENROLLED = tuple((s.canvas_id, s.sis_id, s.login, s.name) for s in STUDENTS)


def canvas_reads(data: bytes) -> Tuple[Dict[str, str], Dict[str, str]]:
    """Maximum by assignment, and the score by Canvas' number of students."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8"), newline=""), strict=True))
    header = rows[0]
    assert len(header) > 3 and "Student" in header[0] and "ID" in header[1]
    known = 3
    if re.search(r"SIS\s+Login\s+ID", header[2]):
        known += 1
    elif re.search(r"SIS\s+User\s+ID", header[2]):
        assert re.search(r"SIS\s+Login\s+ID", header[3])
        known += 2
    assert "Section" in header[known - 1]
    assert all(len(row) == len(header) for row in rows)
    (title,) = header[known:]
    most: Dict[str, str] = {}
    scores: Dict[str, str] = {}
    for row in rows[1:]:
        if "Points Possible" in row[0]:
            most[title] = row[known]
            continue
        number = student(row)
        assert number is not None, "Canvas would make a new student"
        assert number not in scores
        scores[number] = row[known].strip()
        assert scores[number], "Canvas would erase a score"
        float(scores[number])
    return most, scores


def student(row: List[str]) -> Optional[str]:
    for column, at in ((1, 0), (2, 1), (3, 2), (0, 3)):
        for one in ENROLLED:
            if row[column] and row[column] == one[at]:
                return one[0]
    return None


EXPORTED = (
    'Student,ID,SIS User ID,SIS Login ID,Section,Notes,Lab 1 (77),PA3 (78),'
    'Assignments Current Points,Final Score\r\n'
    ",,,,,,Manual Posting,,,\r\n"
    "    Points Possible,,,,,,10,100,(read only),(read only)\r\n"
    '"Ash, Alder",101,4711,aash,A,"a ""note"", kept",7.50,,7.50,75.00\r\n'
    '"Elm, Birch",102,4712,belm,A, =odd ,EX,1,0,0\n'
    '"=""=HYPER""",103,4713,chazel,"A and B",,N/A,,,\r\n'
    '"Fir, Zelkova",104,4714,zfir,B,,3,55.00,3,30\r\n'
    '"Student, Test",999,,test,B,,,,,\r\n'
)  # fmt: skip


@pytest.fixture
def template(tmp_path: Path) -> export_table.Table:
    path = tmp_path / "export.csv"
    path.write_bytes(EXPORTED.encode())
    return export_table.read(path)


def test_a_new_file_is_what_canvas_imports(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        given = export_canvas.dumps(made.marks(), "order", Options("PA3 (78)"))
    assert canvas_reads(given.data) == (
        {"PA3 (78)": "100"},
        {"101": "66.25", "102": "66.25", "103": "66.25"},
    )
    assert given.points == {"4711": 66.25, "4712": 66.25, "4713": 66.25}
    assert any("without a hand-in" in n and "Zelkova" in n for n in given.notes)
    assert any("nobody known" in n and "whose" in n for n in given.notes)


def test_no_cell_of_a_new_file_is_a_formula(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        made.add_student(Student("4711", "+A", section="\t=1", login="@x"), WHO)
        given = export_canvas.dumps(made.marks(), "order", Options("=1 (5)"))
    rows = list(csv.reader(io.StringIO(given.data.decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert "'" + FORMULA in cells and "'+A" in cells and "'\t=1" in cells
    assert not [c for c in cells if re.match(r"\s*[=+@-]", c)]


def test_a_mark_that_waits_is_left_out_unless_asked_for(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        made.add_grading(hand_in(made, "x", "4711"), report(), BASIS)
        given = export_canvas.dumps(made.marks(), "order", Options())
        assert canvas_reads(given.data)[1] == {}
        assert any("a person has to decide" in note for note in given.notes)
        given = export_canvas.dumps(made.marks(), "order", Options(everything=True))
        assert canvas_reads(given.data)[1] == {"101": "40"}


def filled(made: Gradebook, table: export_table.Table, name: str) -> bytes:
    return export_canvas.fill_template(table, made.marks(), Options(name)).data


@pytest.mark.parametrize("name", ["PA3 (78)", "PA3", "78", "pa3"])
def test_a_file_of_canvas_is_filled_and_else_the_same(
    tmp_path: Path, template: export_table.Table, name: str
) -> None:
    with full_book(tmp_path) as made:
        data = filled(made, template, name).decode()
    assert data == (
        EXPORTED.replace("7.50,,7.50", "7.50,66.25,7.50")
        .replace("EX,1,0,0", "EX,66.25,0,0")
        .replace("N/A,,,", "N/A,66.25,,")
    )


def test_a_semicolon_file_with_a_mark_stays_one(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    source = (
        "Student;ID;SIS Login ID;Section;PA3 (78)\r\n"
        "    Points Possible;;;;100,00\r\nAsh;101;aash;A;\r\n"
    )
    path.write_bytes(b"\xef\xbb\xbf" + source.encode())
    with full_book(tmp_path) as made:
        data = filled(made, export_table.read(path), "")
    assert data == b"\xef\xbb\xbf" + source.replace("A;\r", "A;66.25\r").encode()


@pytest.mark.parametrize(
    "name, why",
    [
        ("", "say with --assignment"),
        ("PA4", r"no assignment 'PA4'; assignments: .*PA3 \(78\)"),
        ("Final Score", "no assignment"),
        ("Lab 1", "at most 10 points, and the marks are of 100"),
    ],
)
def test_the_wrong_column_is_not_filled(
    tmp_path: Path, template: export_table.Table, name: str, why: str
) -> None:
    with full_book(tmp_path) as made:
        with pytest.raises(GradebookError, match=why):
            filled(made, template, name)


def test_two_columns_of_one_name_are_told_apart_by_number(tmp_path: Path) -> None:
    source = "Student,ID,SIS Login ID,Section,PA3 (1),PA3 (2)\nAsh,101,aash,A,,\n"
    table = export_table.parse(source.encode(), "x.csv")
    with full_book(tmp_path) as made:
        with pytest.raises(GradebookError, match="several columns"):
            filled(made, table, "PA3")
        assert filled(made, table, "2").endswith(b"A,,66.25\n")


def test_a_student_who_is_twice_in_the_file_is_refused(tmp_path: Path) -> None:
    source = "Student,ID,SIS Login ID,Section,PA3 (1)\nAsh,101,,A,\nAsh,,aash,A,\n"
    table = export_table.parse(source.encode(), "x.csv")
    with full_book(tmp_path) as made:
        with pytest.raises(GradebookError, match="x.csv:3: Alder Ash is also in line 2"):
            filled(made, table, "")


def test_another_table_is_no_gradebook_of_canvas(tmp_path: Path) -> None:
    table = export_table.parse(b"a,b\n1,2\n", "x.csv")
    with full_book(tmp_path) as made:
        with pytest.raises(GradebookError, match="x.csv:1: no gradebook of Canvas"):
            filled(made, table, "")


def test_who_is_on_one_side_only_is_told(
    tmp_path: Path, template: export_table.Table
) -> None:
    with full_book(tmp_path) as made:
        made.add_student(Student("5000", "Late Comer"), WHO)
        given = export_canvas.fill_template(template, made.marks(), Options("78"))
    assert any("1 row of" in note for note in given.notes)  # Test Student
    assert any("not in" in note and "Late Comer" in note for note in given.notes)


def test_points_have_two_places_and_halves_go_up(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        number = made.submissions()[0].number
        made.override(number, None, 66.665, WHO, "why")
        made.override(number, None, 2 / 3, WHO, "why", student="4712")
        scores = canvas_reads(export_canvas.dumps(made.marks(), "order", Options()).data)[1]
    assert (scores["101"], scores["102"]) == ("66.67", "0.67")
