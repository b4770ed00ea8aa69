"""Is a class read right from whatever file it comes in?"""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Dict, Tuple

import pytest
from made_up_book import STUDENTS

from grader import export_table, roster
from grader.gradebook_match import Directory, NoMatch, match_submissions
from grader.gradebook_model import GradebookError, Student


def read(tmp_path: Path, content: object, name: str = "class.csv") -> roster.Roster:
    path = tmp_path / name
    data = content if isinstance(content, bytes) else str(content).encode()
    path.write_bytes(data)
    return roster.read(path)


# ---- columns ---------------------------------------------------------------


@pytest.mark.parametrize(
    "header, row, expected",
    [
        ("name,id", "Alder Ash,17", Student("17", "Alder Ash", "17")),
        ("Student ID,Full Name", "17,Alder Ash", Student("17", "Alder Ash", "17")),
        ("Last Name,First Name,SID,Email", "Ash,Alder,17,a@x.org",
         Student("17", "Alder Ash", "17", email="a@x.org")),
        ("GROUP,E-Mail,surname,given name", "red,a@x.org,Ash,Alder",
         Student("a@x.org", "Alder Ash", email="a@x.org", team="red")),
        ("username,name,section,team", "aash,Alder Ash,B,red",
         Student("aash", "Alder Ash", login="aash", section="B", team="red")),
        ("Student,ID,SIS User ID,SIS Login ID,Section,Lab (5)",
         '"Ash, Alder",101,17,aash,A,3',
         Student("17", "Ash, Alder", "17", "aash", "", "101", "", "A")),
        ("Identifier,Full name,ID number,Email address,Grade",
         "Participant 55,Alder Ash,17,a@x.org,",
         Student("17", "Alder Ash", "17", email="a@x.org", moodle_id="55")),
        # More exact names go before vague ones.
        ("id,student id,name", "3,17,Alder Ash", Student("17", "Alder Ash", "17")),
    ],
)  # fmt: skip
def test_columns_are_found_by_their_names(
    tmp_path: Path, header: str, row: str, expected: Student
) -> None:
    assert read(tmp_path, header + "\n" + row + "\n").students == (expected,)


TEXT = "id;name\n17;Müller Ö\n18;Ash\n"
READ = ("Müller Ö", "Ash")


@pytest.mark.parametrize(
    "data",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("latin-1"),
        TEXT.replace("ü", "\u2019").encode("cp1252"),
        codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
        TEXT.encode("utf-16-le"),
        TEXT.encode("utf-16-be"),
        TEXT.replace(";", "\t").encode(),
        TEXT.replace(";", ",").encode(),
        TEXT.replace("\n", "\r\n").encode(),
        TEXT.replace("\n", "\r").encode(),
        ("sep=;\r\n" + TEXT).encode(),
        ("\n\n" + TEXT + ";\n;\n").encode(),
        TEXT.replace("Müller Ö", '"Müller\nÖ"').encode(),
    ],
)
def test_every_usual_form_of_file_is_read(tmp_path: Path, data: bytes) -> None:
    names = tuple(s.name for s in read(tmp_path, data).students)
    assert tuple(n.replace("\u2019", "ü") for n in names) == READ


def test_a_name_with_quotes_and_delimiters_is_one_name(tmp_path: Path) -> None:
    (one,) = read(tmp_path, 'id,name\n17,"Ash, ""Al"", Alder"\n').students
    assert one.name == 'Ash, "Al", Alder'


def test_what_we_guarded_is_restored(tmp_path: Path) -> None:
    (one,) = read(tmp_path, "id,name\n17,'=1+1\n").students
    assert one.name == "=1+1"


def test_the_rows_of_canvas_that_are_nobody_are_passed_over(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        "Student,ID,SIS User ID,SIS Login ID,Section,Lab (5)\n"
        ",,,,,Manual Posting\n    Points Possible,,,,,100\n"
        '"Ash, Alder",101,17,aash,A,\n',
    )
    assert [s.canvas_id for s in found.students] == ["101"]


def test_a_student_without_the_best_id_makes_the_next_one_count(
    tmp_path: Path,
) -> None:
    """Canvas' own test student has no number of the school."""
    found = read(tmp_path, "name,sid,login\nAsh,17,aash\nTest,,test\n")
    assert [s.id for s in found.students] == ["aash", "test"]
    assert "students go by their login" in found.notes


def test_columns_that_nobody_needs_are_told(tmp_path: Path) -> None:
    found = read(tmp_path, "id,name,shoe size\n17,Ash,44\n")
    assert "columns that were not used: shoe size" in found.notes


# ---- what is wrong -----------------------------------------------------------


@pytest.mark.parametrize(
    "content, messages",
    [
        ("name,id\nAsh,17\nElm,\n", ["class.csv:3: Elm has no student id"]),
        ("name,id\nAsh,17\nElm,18\nFir,17\n",
         ["class.csv:4: the student id '17' is also in line 2"]),
        ("name,login,id\nAsh,x,17\nElm,X,18\n",
         ["class.csv:3: the login 'X' is also in line 2"]),
        ('name,id\n"A\nsh",17\nElm,18\nFir,17\n,\nOak,\n',
         ["class.csv:5: the student id '17' is also in line 2",
          "class.csv:7: Oak has no student id"]),
        ("name,shoe size\nAsh,44\n",
         ["class.csv:1: no column names the students", "name, shoe size"]),
        ("id,name\n", ["there are no students"]),
        ("", ["there is nothing in it"]),
        ('id,name\n17,Ash\n18,"Elm\n19,Fir\n', ["class.csv:3: a quote never ends"]),
        ('id,name\n17,"Ash" x\n', ["class.csv:2: something follows a quote"]),
        ("id,name\n17,A\0sh\n", ["no text file"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, content: str, messages: Tuple[str, ...]
) -> None:
    with pytest.raises(GradebookError) as told:
        read(tmp_path, content)
    for message in messages:
        assert message in str(told.value)


def test_many_mistakes_are_told_in_a_few_lines(tmp_path: Path) -> None:
    with pytest.raises(GradebookError) as told:
        read(tmp_path, "id,name\n" + "17,Ash\n" * 100)
    lines = str(told.value).splitlines()
    assert len(lines) == 21 and lines[-1] == "and 79 more"


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="No such file"):
        roster.read(tmp_path / "nowhere.csv")


# ---- a table is changed in a few cells only ----------------------------------


def test_filling_changes_the_cells_and_no_other_byte() -> None:
    data = codecs.BOM_UTF8 + (
        'a;"b ""x""";c\r\n 1 ;"";\r\n\r\n"=2";\'q;"lo\nng"\r\n7;;'
    ).encode()
    table = export_table.parse(data, "t")
    cells = {table.rows[1][1]: "5", table.rows[2][2]: "a;b", table.rows[3][2]: "é"}
    assert table.filled(cells) == codecs.BOM_UTF8 + (
        'a;"b ""x""";c\r\n 1 ;5;\r\n\r\n"=2";\'q;"a;b"\r\n7;;é'
    ).encode()
    assert table.filled({}) == data


def test_letters_that_a_file_lacks_become_html() -> None:
    table = export_table.parse("a,é\n1,2\n".encode("latin-1"), "t")
    assert table.filled({table.rows[1][0]: "→"}) == "a,é\n&#8594;,2\n".encode("latin-1")


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", "\t=1", "\rx", "\nx", " =1", "'=1", "''=1", "'x", "x",
     "", "'", "＝1", "－1", "a=1", "1-1"],
)  # fmt: skip
def test_a_formula_is_guarded_and_comes_back(text: str) -> None:
    cell = export_table.guarded(text)
    assert export_table.unguarded(cell) == text
    first = cell.strip()[:1]
    assert first not in "=+-@＝＋－＠" or cell == ""
    assert cell[:1] not in ("\t", "\r", "\n")


# ---- whose is it? ------------------------------------------------------------


@pytest.mark.parametrize(
    "name, ids",
    [
        ("4711", ("4711",)),
        ("aash.zip", ("4711",)),
        ("AASH@example.org", ("4711",)),
        ("Alder Ash", ("4711",)),
        ("alder_ash.tar.gz", ("4711",)),
        ("Ash, Alder", ("4711",)),
        ("AshAlder", ("4711",)),
        ("team1", ("4711", "4712")),
        ("Team 1.zip", ("4711", "4712")),
        ("ashalder_101_5511_server.zip", ("4711",)),
        ("ashalder_LATE_101_5511_server.zip", ("4711",)),
        ("Alder Ash_901_assignsubmission_file_", ("4711",)),
        ("zelkova fir jr", ("4714",)),
    ],
)
def test_a_hand_in_is_whose_its_name_says(name: str, ids: Tuple[str, ...]) -> None:
    matching = match_submissions(STUDENTS, [name])
    assert (matching.found, matching.problems) == ({name: ids}, {})


@pytest.mark.parametrize(
    "name, why",
    [
        ("stranger", "nobody"),
        ("ash", "nobody"),  # half a name could be anybody's
        ("alder", "nobody"),
        ("lab3-4711-final", "nobody"),
        ("", "nobody"),
        ("___", "nobody"),
        ("ashalder_102_5511_server.zip", "different students"),
        ("ashalder_999_5511_server.zip", "nobody"),
        ("Alder Ash_902_assignsubmission_file_", "different students"),
    ],
)
def test_what_could_be_wrong_is_left_to_a_person(name: str, why: str) -> None:
    matching = match_submissions(STUDENTS, [name])
    assert matching.found == {}
    assert why in matching.problems[name]


def test_a_name_that_two_have_is_listed_with_both() -> None:
    class_ = STUDENTS + (Student("9", "Ash Alder"), Student("10", "Álder  ASH"))
    problems: Dict[str, str] = match_submissions(class_, ["alder ash"]).problems
    told = problems["alder ash"]
    assert "(4711)" in told and "(9)" in told and "(10)" in told


def test_a_name_of_a_team_and_of_a_person_is_nobody_s() -> None:
    class_ = STUDENTS + (Student("team1", "Oak"),)
    assert "a team and of a person" in match_submissions(class_, ["team1"]).problems["team1"]


def test_an_accent_or_its_absence_is_the_same_name() -> None:
    class_ = (Student("1", "José Müller"),)
    assert match_submissions(class_, ["jose_muller"]).found


def test_ids_that_disagree_are_no_match() -> None:
    directory = Directory(STUDENTS)
    with pytest.raises(NoMatch, match="4711.*4712"):
        directory.meant(Student("", "Alder Ash", sis_id="4711", canvas_id="102"))


def test_a_name_does_not_count_against_an_id() -> None:
    directory = Directory(STUDENTS)
    with pytest.raises(NoMatch, match="nobody"):
        directory.meant(Student("", "Alder Ash", sis_id="999"))
    assert directory.meant(Student("", "Alder Ash")).id == "4711"
    assert directory.meant(Student("", "Other Name", sis_id="4711")).id == "4711"


def test_a_later_file_adds_and_is_silent_about_the_rest() -> None:
    old = Student("1", "Ash", sis_id="1", section="A")
    new = Student("x", "Ash", canvas_id="101", section="B")
    assert roster.merged(old, new) == Student(
        "1", "Ash", sis_id="1", canvas_id="101", section="B"
    )
