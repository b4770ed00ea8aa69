"""Are a class's hand-ins found as each learning system packs them?"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path
from typing import Dict, List

import pytest

from grader import intake
from grader.intake import Intake, IntakeError

METADATA = """\
---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '0123'
    :email: ada@school.edu
  :created_at: 2019-10-07 18:45:26.951282000 Z
  :score: 10.0
submission_12:
  :submitters:
  - :name: "=1+1"
    :sid:
    :email: b@school.edu
  - :name: Cy
    :email: c@school.edu
"""


def made(top: Path, *names: str) -> Path:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("# %s\n" % name)
    return top


def read(what: Path, tmp_path: Path) -> Intake:
    return intake.read(what, tmp_path / "unpacked")


def files(found: Intake) -> Dict[str, List[str]]:
    return {one.name: [name for name, _path in one.files] for one in found.hand_ins}


def zipped(folder: Path, below: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(str(path), "w") as archive:
        for one in sorted(folder.rglob("*")):
            if one.is_file():
                archive.write(str(one), below + str(one.relative_to(folder)))
    return path


CANVAS = (
    "doejane_101_2001_server.py", "doejane_101_2002_client.py",
    "roejohn_LATE_102_2003_server-1.py", "roejohn_LATE_102_2004_client-1.py",
    "li_103_2005_client-1.py", "li_103_2006_client-2.py", "li_103_2007_server.py",
)  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_a_canvas_download(tmp_path: Path, packed: bool) -> None:
    folder = made(tmp_path / "submissions", *CANVAS)
    found = read(zipped(folder) if packed else folder, tmp_path)
    assert found.layout == "canvas"
    assert files(found) == {
        "doejane": ["server.py", "client.py"],
        "li": ["client-1.py", "client-2.py", "server.py"],
        "roejohn": ["server.py", "client.py"],
    }
    late = found.hand_ins[2]
    assert (late.attempt, late.late_s, late.students[0].canvas_id) == (2, 1.0, "102")
    assert any("appends" in note for note in late.notes)
    paths = sorted(intake.collect(late, tmp_path / "given"))
    assert [path.name for path in paths] == ["client.py", "server.py"]
    assert paths[0].read_text() == "# roejohn_LATE_102_2004_client-1.py\n"


@pytest.mark.parametrize("below", ["", "CST311-PA3-100/"])
def test_a_moodle_download_in_folders(tmp_path: Path, below: str) -> None:
    folder = made(
        tmp_path / "download",
        "Jane Doe_41_assignsubmission_file_/server.py",
        "Jane Doe_41_assignsubmission_file_/client.py",
        "Jane Doe_41_assignsubmission_onlinetext_/onlinetext.html",
        "Zoë Roe_42_assignsubmission_file/pa3.zip",
    )
    found = read(zipped(folder, below), tmp_path)
    assert (found.layout, list(files(found))) == ("moodle", ["Jane Doe", "Zoë Roe"])
    assert [one.students[0].moodle_id for one in found.hand_ins] == ["41", "42"]
    jane = intake.collect(found.hand_ins[0], tmp_path / "given")
    assert len(jane) == 1 and (jane[0] / "server.py").is_file()


def test_a_moodle_download_without_folders(tmp_path: Path) -> None:
    folder = made(
        tmp_path / "download",
        "Jane Doe_41_assignsubmission_file_server.py",
        "Jane Doe_41_assignsubmission_file_client.py",
    )
    found = read(folder, tmp_path)
    assert files(found) == {"Jane Doe": ["client.py", "server.py"]}


def test_a_gradescope_export(tmp_path: Path) -> None:
    folder = made(
        tmp_path / "export", "submission_11/server.py", "submission_12/a/server.py"
    )
    (folder / "submission_metadata.yml").write_text(METADATA)
    found = read(zipped(folder, "assignment_9_export/"), tmp_path)
    assert (found.layout, set(files(found))) == (
        "gradescope", {"Ada Lovelace", "_1_1 and Cy"},
    )  # fmt: skip
    two, ada = found.hand_ins  # by what they are called
    assert (ada.students[0].sis_id, ada.students[0].email) == ("0123", "ada@school.edu")
    assert [student.name for student in two.students] == ["=1+1", "Cy"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("submission_11: [", "submission_metadata.yml:"),
        ("submission_11: 7\n", r"\.yml:1: no submission"),
        ("../x:\n  :submitters: []\n", r"\.yml:1: no submission"),
        ("a:\n  :submitters: []\n", r"\.yml:1: there is no folder a"),
    ],
)
def test_a_broken_gradescope_export_is_told(
    tmp_path: Path, text: str, said: str
) -> None:
    folder = made(tmp_path / "export", "submission_11/server.py")
    (folder / "submission_metadata.yml").write_text(text)
    with pytest.raises(IntakeError, match=said):
        read(folder, tmp_path)


def test_clones_of_github_classroom(tmp_path: Path) -> None:
    commit = "ab" * 20
    folder = made(
        tmp_path / "clones", "pa3-ada/server.py", "pa3-bob-b/server.py",
        "pa3-ada/.git/config", "pa3-bob-b/.git/config",
    )  # fmt: skip
    git = folder / "pa3-ada" / ".git"
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "refs" / "heads" / "main").write_text(commit + "\n")
    (folder / "pa3-bob-b" / ".git" / "HEAD").write_text("ref: refs/heads/../../x\n")
    found = read(folder, tmp_path)
    assert (found.layout, list(files(found))) == ("classroom", ["ada", "bob-b"])
    assert found.hand_ins[0].students[0].login == "ada"
    assert found.hand_ins[0].notes == ("commit " + commit,)
    assert found.hand_ins[1].notes == ()


def test_a_folder_of_folders_archives_and_sources(tmp_path: Path) -> None:
    folder = made(
        tmp_path / "class", "team 1/server.py", "both.py", "README.md",
        "__MACOSX/team 1/server.py", ".DS_Store", "notes.txt", "damaged.zip",
    )  # fmt: skip
    zipped(made(folder / "inner", "server.py")).rename(folder / "Team 1.zip")
    found = read(folder, tmp_path)
    assert found.layout == "folder"
    assert list(files(found)) == ["Team 1", "both", "damaged", "inner", "team 1~2"]


@pytest.mark.parametrize("names", [(), ("README.md",)])
def test_nothing_handed_in_is_told(tmp_path: Path, names: "tuple[str, ...]") -> None:
    (tmp_path / "class").mkdir()
    with pytest.raises(IntakeError, match="there are no submissions in it"):
        read(made(tmp_path / "class", *names), tmp_path)


def test_no_such_folder_and_no_archive_are_told(tmp_path: Path) -> None:
    with pytest.raises(IntakeError, match="no such folder or archive"):
        read(tmp_path / "nowhere", tmp_path)
    with pytest.raises(IntakeError, match="is no zip or tar"):
        read(made(tmp_path, "x.txt") / "x.txt", tmp_path)


@pytest.mark.parametrize(
    "name, safe",
    [
        ("../../etc", "_.._etc"),
        ("a/b\0c", "a_b_c"),
        ("\u202eevil\x1b[0m", "_evil__0m"),
        ("...", "unnamed"),
        ("-rf", "_rf"),
        ("é" * 200, "é" * 80),
    ],
)
def test_names_are_safe_as_folders(name: str, safe: str) -> None:
    assert intake.safe_name(name) == safe


def test_names_that_differ_in_case_alone_stay_apart(tmp_path: Path) -> None:
    folder = made(tmp_path / "class", "Ann/s.py", "ann/s.py", "ANN/s.py")
    assert list(files(read(folder, tmp_path))) == ["ANN", "Ann~2", "ann~3"]


def test_one_odd_name_does_not_change_whose_the_others_are(tmp_path: Path) -> None:
    odd = "oddone_199_2005_ser\nver.py"
    found = read(made(tmp_path / "class", *CANVAS, odd), tmp_path)
    assert found.layout == "canvas"
    assert files(found)["oddone"] == ["ser\nver.py"]


def test_a_file_that_would_be_a_folder_keeps_its_name(tmp_path: Path) -> None:
    one = made(tmp_path / "class", "oddone_103_2005_..") / "oddone_103_2005_.."
    taken = intake.collect(intake.HandIn("x", (("..", one),)), tmp_path / "in")
    assert taken == [tmp_path / "in" / "oddone_103_2005_.."]


def test_a_pipe_in_a_class_is_no_hand_in(tmp_path: Path) -> None:
    folder = made(tmp_path / "class", "team1/server.py", "team2.py")
    os.mkfifo(str(folder / "team3"))
    os.mkfifo(str(folder / "team4.py"))
    found = read(folder, tmp_path)
    assert sorted(one.name for one in found.hand_ins) == ["team1", "team2"]
