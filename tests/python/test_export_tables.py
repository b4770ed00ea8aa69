"""Do CSV, JSON Lines, JUnit and workbooks say what the gradebook says?"""

from __future__ import annotations

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from typing import Any, Dict, List

import made_up
import pytest
from made_up_book import (
    BASIS, FORMULA, STUDENTS, WHO, book, columns, full_book, graded, hand_in,
    report,
)  # fmt: skip

from grader import export_csv, export_jsonl, export_junit, export_table
from grader import export_xlsx, gradebook_cli, gradebook_export
from grader.export_sheet import Given, Options, hundredths, parse_points
from grader.gradebook import Gradebook
from grader.gradebook_model import GradebookError
from grader.model import Verdict

openpyxl = pytest.importorskip("openpyxl")


def csv_lines(data: bytes) -> List[List[str]]:
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))


# ---- numbers -----------------------------------------------------------------


@pytest.mark.parametrize(
    "text, points",
    [("5", 5), ("5.50", 5.5), ("5,5", 5.5), ("1.234,5", 1234.5), ("1,234.5", 1234.5),
     (".5", 0.5), ("5.", 5), ("", None), ("-", None), ("N/A", None), ("ex", None)],
)  # fmt: skip
def test_a_grade_is_read(text: str, points: object) -> None:
    assert parse_points(" %s " % text) == points


@pytest.mark.parametrize("text", ["A+", "-5", "5 points", "1e5", "nan", "=5", "85%"])
def test_what_is_no_grade_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        parse_points(text)


@pytest.mark.parametrize(
    "points, kept",
    [(66.665, 66.67), (1.005, 1.01), (2 / 3, 0.67), (0.1 + 0.2, 0.3), (5, 5)],
)
def test_points_are_kept_in_hundredths(points: float, kept: float) -> None:
    assert hundredths(points) == kept


# ---- CSV -----------------------------------------------------------------------


def test_a_table_has_everybody_and_each_criterion(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        lines = csv_lines(export_csv.dumps(made.marks(), "order", Options()).data)
    assert len(lines) == 1 + 5 and len({len(line) for line in lines}) == 1
    by_student = dict(zip(columns(lines, "student"), columns(lines, "points")))
    assert by_student == {
        "4711": "66.25", "4712": "66.25", "4713": "66.25", "4714": "", "": "66.25",
    }  # fmt: skip
    assert columns(lines, "order").count("26.25") == 4
    assert columns(lines, "late_s").count("5400") == 1
    assert sorted(columns(lines, "status")) == ["final"] * 4 + ["no hand-in"]


def test_no_cell_is_a_formula_and_our_reader_restores_it(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        data = export_csv.dumps(made.marks(), "order", Options()).data
    assert not [c for line in csv_lines(data) for c in line if re.match(r"\s*[=+@-]", c)]
    sheet = export_csv.read_sheet(export_table.parse(data, "x"))
    assert {line.who for line in sheet.lines} == set(STUDENTS)


# ---- JSON Lines ------------------------------------------------------------------


def test_each_line_is_a_mark_with_what_it_rests_on(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        number = made.submissions()[0].number
        made.override(number, "order", 60, WHO, "seen to work")
        given = export_jsonl.dumps(made.marks(), made.gradings, Options())
    assert given.data.isascii()
    found = [json.loads(line) for line in given.data.decode().splitlines()]
    assert len(found) == 5
    team = next(m for m in found if m["student"] and m["student"]["id"] == "4711")
    assert (team["points"], team["final"], team["schema"]) == (100, True, "mngrade/mark/1")
    assert team["grading"]["basis"]["submission_sha256"] == "aa" * 32
    assert team["grading"]["basis"]["machine"] == {"cores": 2}
    order = team["criteria"][1]
    assert (order["judged"], order["points"], order["verdict"]) == (26.25, 60, "partial")
    assert order["decision"]["why"] == "seen to work"
    nobody = [m for m in found if m["student"] is None]
    assert [m["submission"]["name"] for m in nobody] == ["whose"]


# ---- JUnit -----------------------------------------------------------------------


def junit(made: Gradebook) -> ET.Element:
    given = export_junit.dumps(made.marks(), made.report, Options())
    return ET.fromstring(given.data)


def test_each_hand_in_is_a_suite_whose_counts_are_right(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        suites = junit(made).findall("testsuite")
    assert len(suites) == 4
    for suite in suites:
        assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
        assert len(suite.findall("testcase")) == 2
    assert len({suite.get("name") for suite in suites}) == 4


def test_a_decision_is_a_result_with_its_reason(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        number = hand_in(made, "x", "4711")
        made.add_grading(number, report(), BASIS)
        (waits,) = junit(made).findall(".//skipped")
        assert waits is not None
        made.decide(number, "readable", 10, WHO, "few comments")
        made.override(number, "order", 30, WHO, "works by hand")
        made.override(number, None, 95, WHO, "agreed")
        (suite,) = junit(made).findall("testsuite")
    cases = {c.get("name"): c for c in suite.findall("testcase")}
    assert not suite.findall(".//skipped")
    failure = cases["readable"].find("failure")
    assert failure is not None and failure.get("type") == "partial"
    assert failure.get("message") == "marker decided: few comments"
    assert list(cases["order"]) == []
    told = {p.get("name"): p.get("value") for p in suite.findall(".//property")}
    assert told["mark"] == "95" and told["overridden_because"] == "agreed"


# ---- workbooks -------------------------------------------------------------------


def workbook(made: Gradebook) -> Given:
    return export_xlsx.dumps(made.marks(), made.history(), Options())


def test_a_workbook_has_three_sheets_with_a_header_in_view(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        entries = len(made.history())
        opened = openpyxl.load_workbook(io.BytesIO(workbook(made).data))
    assert opened.sheetnames == ["Marks", "Criteria", "History"]
    assert [s.max_row for s in opened] == [1 + 5, 1 + 4 * 2, 1 + entries]
    for sheet in opened:
        assert sheet.freeze_panes == "A2"
        assert all(cell.font.bold for cell in sheet[1])
    marks = cells(opened["Marks"])
    assert [row["points"] for row in marks if row["student"] == "4711"] == [66.25]


def cells(sheet: Any) -> List[Dict[str, Any]]:
    names = [cell.value for cell in sheet[1]]
    return [
        dict(zip(names, (cell.value for cell in row)))
        for row in sheet.iter_rows(min_row=2)
    ]


DANGEROUS = [FORMULA, "+1+1", "-1", "@SUM(A1)", "\t=1+1", "\r=1", "=1", "_x003D_1"]


@pytest.mark.parametrize("name", DANGEROUS)
def test_no_cell_of_a_workbook_is_a_formula(tmp_path: Path, name: str) -> None:
    with book(tmp_path) as made:
        number = hand_in(made, name, "4711")
        rows = (made_up.row("tcp", 5, Verdict.FAIL, 0.0, reason=name),)
        made.add_grading(number, made_up.report(rows=rows), BASIS)
        made.comment(number, name, name)
        data = workbook(made).data
    opened = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {c.data_type for sheet in opened for row in sheet for c in row}
    assert kinds <= {"s", "n"}
    texts = [c for sheet in opened for row in sheet for c in row if c.data_type == "s"]
    assert all(c.quotePrefix for c in texts if c.row > 1)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for part in file.namelist():
            assert b"<f>" not in file.read(part) and b"<f " not in file.read(part)
    # 5 and 0 points are numbers, ids are texts: a 0 in front stays.
    assert isinstance(opened["Marks"]["A2"].value, str)


def test_text_comes_out_of_a_workbook_as_it_went_in(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        opened = openpyxl.load_workbook(io.BytesIO(workbook(made).data))
    names = [row["name"] for row in cells(opened["Marks"])]
    assert FORMULA in names and "Zelkova Fir, Jr." in names


def test_a_control_character_and_a_long_text_do_no_harm(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        number = made.submissions()[0].number
        made.comment(number, "\x00\x1b[2J" + "y" * 40000, WHO)
        opened = openpyxl.load_workbook(io.BytesIO(workbook(made).data))
    texts = [row["what"] for row in cells(opened["History"])]
    assert len(max(texts, key=len)) == 32767
    assert "\\x00\\x1b[2J" in max(texts, key=len)


# ---- files -----------------------------------------------------------------------


def test_the_command_line_knows_every_format() -> None:
    assert set(gradebook_cli.FORMATS) == set(gradebook_export.FORMATS)


@pytest.mark.parametrize("form", gradebook_cli.FORMATS)
def test_every_format_is_written_for_its_owner_alone(tmp_path: Path, form: str) -> None:
    with full_book(tmp_path) as made:
        given = gradebook_export.export(made, form, made.marks(), "order", Options())
    assert given.data and given.points["4711"] == 66.25
    gradebook_export.write(given, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == given.data
    assert (tmp_path / "out").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("form", gradebook_cli.FORMATS)
def test_an_empty_book_is_exported_or_refused_in_words(tmp_path: Path, form: str) -> None:
    with Gradebook(tmp_path) as made:
        try:
            given = gradebook_export.export(made, form, made.marks(), "", Options())
        except GradebookError as error:
            assert form == "moodle" and "--template" in str(error)
        else:
            assert given.points == {}


def test_a_file_that_cannot_be_written_leaves_the_one_before(tmp_path: Path) -> None:
    there = tmp_path / "folder"
    there.mkdir()
    with pytest.raises(GradebookError, match="was not written"):
        gradebook_export.write(Given(b"x"), tmp_path / "nowhere" / "out")
    with pytest.raises(GradebookError, match="was not written"):
        gradebook_export.write(Given(b"x"), there)
    assert list(tmp_path.iterdir()) == [there] and not list(there.iterdir())


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    gradebook_export.write(Given(b"new"), tmp_path / "link")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


def test_only_what_has_a_template_takes_one(tmp_path: Path) -> None:
    with full_book(tmp_path) as made:
        with pytest.raises(GradebookError, match="canvas and moodle take a template"):
            gradebook_export.export(
                made, "xlsx", made.marks(), "order", Options(), tmp_path / "x"
            )


def test_an_ungraded_hand_in_is_in_no_way_a_zero(tmp_path: Path) -> None:
    with book(tmp_path) as made:
        hand_in(made, "x", "4711")
        made.add_grading(hand_in(made, "y", "4712"), graded(), BASIS)
        for form in gradebook_cli.FORMATS:
            given = gradebook_export.export(made, form, made.marks(), "order", Options())
            assert set(given.points) == {"4712"}, form
