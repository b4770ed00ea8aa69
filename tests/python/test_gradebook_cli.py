"""Does `mngrade gradebook` say one clear thing, with the right status?"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path
from typing import Callable, List, Tuple

import pytest
from made_up_book import (
    BASIS, FORMULA, book, full_book, hand_in, report,
)  # fmt: skip

from grader import cli, gradebook_text
from grader.gradebook import NAME, Gradebook
from grader.gradebook_model import Student
from grader.words import Style, columns

Run = Callable[..., Tuple[int, str, str]]
BY = ("--by", "marker", "--why", "seen by hand")


@pytest.fixture
def mngrade(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `mngrade gradebook`; returns its status, stdout and stderr."""

    def run(*argv: object) -> Tuple[int, str, str]:
        try:
            status = cli.main(["gradebook"] + [str(word) for word in argv])
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        return status, out, err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    full_book(tmp_path).close()
    return tmp_path


def test_show_lists_the_class_by_file_or_folder(mngrade: Run, folder: Path) -> None:
    status, out, err = mngrade("show", folder)
    assert (status, err) == (0, "")
    assert mngrade("show", folder / NAME)[1] == out
    lines = out.splitlines()
    assert lines[0].split() == ["points", "of", "wait", "name", "id", "hand-in", "late", "remark"]
    assert sum("66.25  100" in line for line in lines) == 4
    assert any("1 h 30 min" in line for line in lines)
    assert "nothing handed in" in out
    assert lines[-1] == "5 marks, 4 final, mean 66.25"


def test_what_waits_is_shown(mngrade: Run, tmp_path: Path) -> None:
    with book(tmp_path) as made:
        made.add_grading(hand_in(made, "x", "4711"), report(), BASIS)
    assert "1 to be decided" in mngrade("show", tmp_path)[1]
    out = mngrade("show", tmp_path, "--waiting")[1]
    assert re.search(r"x +readable +30 +manual +why readable", out)
    status, out, _err = mngrade("decide", tmp_path, "4711", "readable", 25, "--by", "me")
    assert (status, out.split(": ")[1]) == (0, "Alder Ash has 65 of 100 points now\n")
    assert mngrade("show", tmp_path, "--waiting")[1] == "Nothing waits for a person.\n"


@pytest.mark.parametrize("who", ["4713", "chazel", "CHAZEL@example.org", "hazel.zip", FORMULA])
def test_a_student_is_found_by_any_name(mngrade: Run, folder: Path, who: str) -> None:
    status, out, _err = mngrade("student", folder, who)
    assert status == 0 and out.startswith(FORMULA + " (4713) - order, hazel.zip")
    assert "66.25 of 100 points" in out and re.search(r"partial +26.25 +60 +order", out)


def test_a_hand_in_is_found_by_its_number(mngrade: Run, folder: Path) -> None:
    with Gradebook(folder) as made:
        number = made.submissions()[-1].number
    assert mngrade("student", folder, ":%d" % number)[1].startswith("whose - order, whose")


def test_nobody_and_two_are_refused(mngrade: Run, folder: Path) -> None:
    status, out, err = mngrade("student", folder, "Alder Asch")
    assert (status, out) == (2, "")
    assert "called 'Alder Asch'; did you mean 'Alder Ash'?" in err
    with Gradebook(folder) as made:
        made.add_student(Student("9", "Alder Ash"), "roster")
        made.add_student(Student("8", "team1"), "roster")
    for who in ("Alder Ash", "team1"):
        status, _out, err = mngrade("override", folder, who, 5, *BY)
        assert status == 2 and "could be each of" in err


def test_an_override_holds_for_the_team_or_one_alone(mngrade: Run, folder: Path) -> None:
    assert mngrade("override", folder, "4711", 50, *BY)[0] == 0
    assert mngrade("override", folder, "4712", 60, "--alone", *BY)[0] == 0
    with Gradebook(folder) as made:
        marks = {m.student.id: m.points for m in made.marks() if m.student}
    assert (marks["4711"], marks["4712"]) == (50, 60)
    out = mngrade("student", folder, "4712")[1]
    assert "override: 60 points, by marker: seen by hand" in out


@pytest.mark.parametrize("left_out", ["--by", "--why"])
def test_who_and_why_are_required(mngrade: Run, folder: Path, left_out: str) -> None:
    given = list(BY)
    del given[given.index(left_out) : given.index(left_out) + 2]
    status, _out, err = mngrade("override", folder, "4711", 50, *given)
    assert status == 2 and left_out in err


def test_what_was_done_is_in_the_history_and_can_be_undone(
    mngrade: Run, folder: Path
) -> None:
    mngrade("override", folder, "4711", 50, "--criterion", "order", *BY)
    mngrade("comment", folder, "4711", "well done", "--by", "marker")
    out = mngrade("history", folder, "4711")[1]
    found = re.search(r"^ *(\d+) .* override: order: 50 points instead of 26.25", out, re.M)
    assert found and "comment: on the whole: well done" in out
    status, out, _err = mngrade("undo", folder, found.group(1), *BY)
    assert status == 0 and out.endswith("undoes entry %s\n" % found.group(1))
    assert "UNDONE override" in mngrade("history", folder)[1]
    assert "66.25 of 100" in mngrade("student", folder, "4711")[1]


def test_an_export_is_written_and_comes_back_changed(mngrade: Run, folder: Path) -> None:
    out = folder / "marks.csv"
    status, told, err = mngrade("export", folder, "--format", "canvas", "-o", out)
    assert (status, told) == (0, "") and "without a hand-in" in err
    out.write_text(out.read_text().replace("66.25", "67", 1))
    status, told, err = mngrade("import", folder, out, "--by", "marker")
    assert status == 0 and told.endswith("1 grade imported, 2 unchanged\n")
    assert mngrade("import", folder, out, "--by", "marker")[1].endswith(
        "0 grades imported, 3 unchanged\n"
    )


def test_an_import_with_a_problem_imports_nothing_or_the_rest(
    mngrade: Run, folder: Path
) -> None:
    out = folder / "marks.csv"
    mngrade("export", folder, "--format", "csv", "-o", out)
    text = out.read_text().replace("66.25", "67", 1)
    out.write_text(re.sub("(4712,.*),66.25,", r"\1,many,", text))
    status, told, err = mngrade("import", folder, out, "--by", "marker")
    assert (status, told) == (2, "")
    assert re.search(r"marks.csv:\d: 'many' is no number.*\nnothing was imported", err)
    status, told, err = mngrade("import", folder, out, "--by", "marker", "--partial")
    assert status == 1 and "'many'" in err
    assert told.endswith("1 grade imported, 2 unchanged\n")


def test_a_roster_is_imported(mngrade: Run, folder: Path) -> None:
    path = folder / "class.csv"
    path.write_text("id,name\n4711,Alder Ash\n9,whose\n")
    status, out, _err = mngrade("import", folder, path, "--format", "roster", "--by", "me")
    assert (status, out) == (0, "1 student new, 0 changed; 1 hand-in found their owners\n")


def test_a_text_goes_to_stdout_and_a_workbook_does_not(mngrade: Run, folder: Path) -> None:
    status, out, _err = mngrade("export", folder, "--format", "jsonl", "-o", "-")
    assert status == 0 and out.count("\n") == 5
    status, out, err = mngrade("export", folder, "--format", "xlsx", "-o", "-")
    assert (status, out) == (2, "") and "is no text" in err


def test_one_hand_in_is_exported_for_gradescope(mngrade: Run, folder: Path) -> None:
    out = folder / "results.json"
    assert mngrade("export", folder, "--format", "gradescope", "--only", "4713",
                   "-o", out)[0] == 0  # fmt: skip
    assert '"score": 66.25' in out.read_text()


def test_what_is_no_gradebook_is_told_and_not_made(mngrade: Run, tmp_path: Path) -> None:
    status, _out, err = mngrade("show", tmp_path / "nowhere")
    assert status == 2 and "no gradebook at" in err
    (tmp_path / "words").write_text("only words")
    assert "is no gradebook" in mngrade("show", tmp_path / "words")[2]
    assert not (tmp_path / "nowhere").exists()


# ---- tables --------------------------------------------------------------------


@pytest.mark.parametrize("width", [40, 60, 80, 200])
def test_a_table_fits_the_terminal(folder: Path, width: int) -> None:
    with Gradebook(folder) as made:
        text = gradebook_text.marks(made.marks(), Style(width))
        text += gradebook_text.history(made.history(), Style(width))
    assert max(columns(line) for line in text.splitlines()) <= width
    assert ("…" in text) == (width < 200)


def test_a_table_in_a_pipe_is_not_cut(folder: Path) -> None:
    with Gradebook(folder) as made:
        text = gradebook_text.marks(made.marks(), Style(40), fits=False)
    assert FORMULA in text and "zelkova fir, jr." in text.lower()


def test_nothing_from_outside_acts_on_the_terminal(tmp_path: Path) -> None:
    bad = "\x1b[2J\u202e\r\n\x07"
    with Gradebook(tmp_path) as made:
        made.add_student(Student("1" + bad, bad, section=bad), bad + "x", bad)
        number = hand_in(made, "x" + bad, "1" + bad)
        made.add_grading(number, report(), BASIS)
        made.comment(number, bad + "x", bad + "x")
        made.override(number, None, 5, bad + "x", bad + "x")
        (mark,) = made.marks()
        text = gradebook_text.marks([mark], Style(200))
        text += gradebook_text.mark(mark, made.gradings(number), Style(200))
        text += gradebook_text.history(made.history(), Style(200))
        text += gradebook_text.pending(made.pending_manual(), Style(200))
    assert not set(text) & set("\x1b\u202e\r\x07")


class _Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


def shown(folder: Path, stream: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> List[str]:
    monkeypatch.setenv("COLUMNS", "50")
    monkeypatch.setattr(sys, "stdout", stream)
    assert cli.main(["gradebook", "show", str(folder)]) == 0
    return stream.getvalue().splitlines()


def test_show_fits_a_terminal_and_leaves_a_pipe_whole(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    narrow = shown(folder, _Terminal(), monkeypatch)
    piped = shown(folder, io.StringIO(), monkeypatch)
    assert max(map(columns, narrow)) <= 50
    assert any(FORMULA in line for line in piped)


@pytest.mark.parametrize(
    "seconds, text",
    [(0, ""), (0.4, "1 s"), (59, "59 s"), (3600, "1 h"), (90061, "1 d 1 h"),
     (5400, "1 h 30 min")],
)  # fmt: skip
def test_lateness_is_told_in_two_units(seconds: float, text: str) -> None:
    assert gradebook_text.lateness(seconds) == text


def test_an_empty_book_is_shown_in_words(
    mngrade: Run, tmp_path: Path
) -> None:
    Gradebook(tmp_path).close()
    assert "no students" in mngrade("show", tmp_path)[1]
    assert mngrade("history", tmp_path)[1] == "Nothing happened yet.\n"
    assert os.listdir(tmp_path) == [NAME]
