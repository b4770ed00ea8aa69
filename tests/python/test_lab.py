"""Is a lab loaded from anywhere, and a broken one told with file and line?"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import made_up_lab
import pytest

from grader import api, lab
from grader.lab import LabError


def complaint(folder: Path) -> str:
    with pytest.raises(LabError) as caught:
        lab.load(str(folder))
    text = str(caught.value)
    assert "\n" not in text and "Traceback" not in text
    return text


def line_of(path: Path, part: str) -> str:
    """ "scenarios.py:9" for the line that holds this."""
    for number, line in enumerate(path.read_text().split("\n"), 1):
        if part in line:
            return "%s:%d: " % (path, number)
    raise AssertionError("%s is not in %s" % (part, path))


def test_a_lab_is_its_cases_checks_and_insights(tmp_path: Path) -> None:
    loaded = made_up_lab.load(tmp_path)
    assert loaded.name == "tiny" and loaded.folder == tmp_path / "tiny"
    assert [case.name for case in loaded.cases] == [
        "talk[h2 first]", "talk[h3 first]",
    ]  # fmt: skip
    assert sorted(loaded.checks) == ["answers", "ends", "greets"]
    assert loaded.case("talk[h3 first]").values == {"first": "h3"}


@pytest.mark.parametrize("ending", ["", "/", "/."])
def test_a_lab_is_found_by_a_relative_path_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    made_up_lab.write(tmp_path / "tiny")
    monkeypatch.chdir(tmp_path)
    assert lab.load("./tiny" + ending).name == "tiny"
    monkeypatch.chdir(tmp_path / "tiny")
    loaded = lab.load("./")
    assert loaded.name == "tiny"
    os.chdir(str(tmp_path))  # what it loaded does not hang on the folder
    assert loaded.folder.is_dir()


def test_labs_in_a_folder_are_known_by_their_names(tmp_path: Path) -> None:
    for name in ("tiny", "other-lab"):
        made_up_lab.write(tmp_path / name)
    (tmp_path / "no-lab").mkdir()
    assert lab.available(tmp_path) == ["other-lab", "tiny"]
    assert lab.available(tmp_path / "nowhere") == []
    assert lab.load("other-lab", tmp_path).name == "other-lab"


def test_the_labs_of_the_checkout_load() -> None:
    assert "order" in lab.available()
    for name in lab.available():
        assert lab.load(name).rubric.lab == name


@pytest.mark.parametrize("name", ["tinny", "Tiny", "tny"])
def test_a_misspelt_lab_is_told_the_near_one(tmp_path: Path, name: str) -> None:
    made_up_lab.write(tmp_path / "tiny")
    made_up_lab.write(tmp_path / "zebra")
    with pytest.raises(LabError) as caught:
        lab.load(name, tmp_path)
    assert "did you mean 'tiny'?" in str(caught.value)
    assert "tiny, zebra" in str(caught.value)


@pytest.mark.parametrize("name", ["", "..", ".", "quite-other"])
def test_what_is_no_lab_gets_the_list_of_labs(
    tmp_path: Path, name: str
) -> None:
    made_up_lab.write(tmp_path / "tiny")
    with pytest.raises(LabError, match="there are: tiny"):
        lab.load(name, tmp_path)


def test_a_lab_may_import_its_neighbours(tmp_path: Path) -> None:
    folder = made_up_lab.write(
        tmp_path / "my-lab", scenarios="from .parts import *\n"
    )
    (folder / "parts.py").write_text(made_up_lab.SCENARIOS)
    assert len(lab.load(str(folder)).cases) == 2


def test_a_lab_that_changed_is_loaded_anew(tmp_path: Path) -> None:
    folder = made_up_lab.write(tmp_path / "tiny")
    assert len(lab.load(str(folder)).cases) == 2
    one = made_up_lab.SCENARIOS.replace('("h2", "h3")', '("h2",)   ')
    made_up_lab.write(folder, scenarios=one + "# longer\n")
    assert len(lab.load(str(folder)).cases) == 1


# ---- broken labs -----------------------------------------------------------


@pytest.mark.parametrize(
    "broken, at, told",
    [
        ("def oops(run\n", "def oops(run", ""),
        ("  x = 1\n", "  x = 1", "indent"),
        ("print(undefined_name)\n", "print(undefined_name)", "NameError"),
        ("from grader.api import chek\n", "chek", "ImportError"),
        ("import no_such_module\n", "no_such_module", "ModuleNotFoundError"),
        ("raise SystemExit(0)\n", "raise SystemExit", "SystemExit"),
        ("1 / 0\n", "1 / 0", "ZeroDivisionError"),
        (
            "@check('greets')\ndef again(traces):\n    pass\n",
            "@check('greets')",
            "two checks for criterion 'greets'",
        ),
        (
            "@scenario(a=(1,), names={'a': '{} {}'})\ndef s(run, a):\n    pass\n",
            "def s(run",
            "IndexError",
        ),
    ],
)
def test_a_mistake_in_scenarios_is_told_with_its_line(
    tmp_path: Path, broken: str, at: str, told: str
) -> None:
    folder = made_up_lab.write(
        tmp_path / "tiny", scenarios=made_up_lab.SCENARIOS + broken
    )
    text = complaint(folder)
    path, number = text.split(": ")[0].rsplit(":", 1)
    assert path == str(folder / "scenarios.py")
    # Python 3.8 names the decorator's line, later ones the function's.
    place = int(line_of(folder / "scenarios.py", at).split(":")[1])
    assert abs(int(number) - place) <= 1
    assert told in text


def test_a_mistake_in_a_neighbour_is_told_with_the_neighbour_s_line(
    tmp_path: Path,
) -> None:
    folder = made_up_lab.write(tmp_path / "tiny", scenarios="from . import parts\n")
    (folder / "parts.py").write_text("fine = 1\nwrong = fine + ''\n")
    assert complaint(folder).startswith("%s:2: TypeError" % (folder / "parts.py"))


def test_a_check_for_no_criterion_is_told_with_its_line(tmp_path: Path) -> None:
    scenarios = made_up_lab.SCENARIOS + (
        "\n@check('anwsers')\ndef typo(traces):\n    pass\n"
    )
    folder = made_up_lab.write(tmp_path / "tiny", scenarios=scenarios)
    text = complaint(folder)
    assert text.startswith(str(folder / "scenarios.py") + ":")
    assert "'anwsers'" in text and "did you mean 'answers'?" in text


def test_a_criterion_without_a_check_is_told_with_its_line(
    tmp_path: Path,
) -> None:
    scenarios = made_up_lab.SCENARIOS.replace('@check("ends")\n', "")
    folder = made_up_lab.write(tmp_path / "tiny", scenarios=scenarios)
    text = complaint(folder)
    assert text.startswith(line_of(folder / "rubric.yaml", "id: ends"))
    assert "'ends'" in text and "has no check" in text


def test_two_scenarios_with_one_name_are_told(tmp_path: Path) -> None:
    """Their records could not be told apart."""
    scenarios = made_up_lab.SCENARIOS + (
        "@scenario(first=('h2',), names={'first': '{} first'})\n"
        "def talk(run, first):\n    pass\n"
    )
    folder = made_up_lab.write(tmp_path / "tiny", scenarios=scenarios)
    assert "two scenarios have the name 'talk[h2 first]'" in complaint(folder)


def test_a_rubric_with_a_typo_is_told_with_its_line(tmp_path: Path) -> None:
    rubric = made_up_lab.RUBRIC.replace("points: 20", "point: 20")
    folder = made_up_lab.write(tmp_path / "tiny", rubric=rubric)
    text = complaint(folder)
    number = line_of(folder / "rubric.yaml", "point: 20").split(":")[1]
    assert "rubric.yaml:%s: " % number in text
    assert "did you mean 'points'" in text


def test_a_lab_without_scenarios_is_told(tmp_path: Path) -> None:
    folder = made_up_lab.write(tmp_path / "tiny")
    (folder / "scenarios.py").unlink()
    assert complaint(folder) == "%s: there is no scenarios.py" % folder


def test_after_a_broken_lab_the_next_one_loads(tmp_path: Path) -> None:
    folder = made_up_lab.write(tmp_path / "tiny", scenarios="1 / 0\n")
    complaint(folder)
    assert len(made_up_lab.load(tmp_path).cases) == 2
    with pytest.raises(RuntimeError, match="while a lab is loaded"):
        api.check("greets")(lambda traces: api.passed(""))
    assert "mngrade_lab_tiny.scenarios" in sys.modules
