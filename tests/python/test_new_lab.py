"""Does a new lab work at once, and is a mistake in it told with its line?"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, List

import pytest

from grader import lab, lab_explain, new_lab, verify
from grader.lab import LabError
from grader.new_lab import NewLabError

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def made(tmp_path: Path) -> Path:
    return new_lab.make("parrot", tmp_path)


def mngrade(*argv: object, cwd: Path = ROOT) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [str(ROOT / "grader" / "mngrade"), *map(str, argv)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=str(cwd),
        env=dict(os.environ, PYTHON=sys.executable), timeout=120,
        universal_newlines=True, check=False,
    )  # fmt: skip


def change(path: Path, before: str, after: str) -> int:
    """Replace a text that is there; the number of its first line."""
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    return text[: text.index(before)].count("\n") + 1


# ---- the new lab -----------------------------------------------------------


def test_a_new_lab_has_all_parts_and_its_own_name(made: Path) -> None:
    names = {str(p.relative_to(made)) for p in made.rglob("*") if p.is_file()}
    assert names >= {
        "README.md", "rubric.yaml", "scenarios.py", "starter/python/server.py",
        "starter/python/client.py", "starter/python/verdicts.yaml",
    }  # fmt: skip
    assert not [name for name in names if name.endswith(".txt")]
    for path in made.rglob("*"):
        if path.is_file():
            assert "LAB_NAME" not in path.read_text(), path
    loaded = lab.load(str(made))
    assert loaded.rubric.lab == "parrot"
    assert 4 <= len(loaded.rubric.criteria) <= 5
    assert len({case.script for case in loaded.cases}) == 2
    assert len(loaded.insights) == 1
    kinds = [e.name.split("/")[0] for e in verify.examples(loaded)]
    assert sorted(kinds) == ["bad", "good", "starter"]


def test_the_command_tells_what_comes_next(tmp_path: Path) -> None:
    done = mngrade("new-lab", "parrot", "--into", ".", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mngrade verify ./parrot" in done.stdout
    assert "labs/README.md" in done.stdout
    assert lab.load(str(tmp_path / "parrot")).name == "parrot"


@pytest.mark.parametrize(
    "name, why",
    [
        ("Parrot", "'parrot' would do"),
        ("my lab", "'my-lab' would do"),
        ("lab_2", "'lab-2' would do"),
        ("9lives", "'lives' would do"),
        ("", "it is empty"),
        ("a/b", "--into"),
        ("..", "lower-case letters"),
        ("a" * 41, "more than 40"),
        ("pärrot", "lower-case"),
    ],
)
def test_a_bad_name_is_refused_with_the_reason(
    tmp_path: Path, name: str, why: str
) -> None:
    with pytest.raises(NewLabError) as caught:
        new_lab.make(name, tmp_path)
    assert why in str(caught.value) and "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_what_is_there_is_not_touched(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "parrot"
    if kind == "folder":
        place.mkdir()
    elif kind == "file":
        place.write_text("mine")
    else:
        place.symlink_to("nowhere")
    with pytest.raises(NewLabError, match="is there already"):
        new_lab.make("parrot", tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["parrot"]
    assert kind != "folder" or not list(place.iterdir())


def test_where_nothing_can_be_written_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NewLabError, match="could not be written"):
        new_lab.make("parrot", tmp_path / "file")


def test_the_command_ends_with_2_for_a_bad_name(tmp_path: Path) -> None:
    done = mngrade("new-lab", "My-Lab", "--into", tmp_path)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("mngrade: 'My-Lab' cannot be the name")


# ---- mistakes, found when a lab is loaded ----------------------------------


def complaint(made: Path) -> str:
    with pytest.raises(LabError) as caught:
        lab.load(str(made))
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("    scenario,\n)", "    scenaro,\n)", "did you mean 'scenario'?"),
        ("from grader.api import", "from grader.apy import",
         "did you mean 'grader.api'?"),
        ('@check("tcp")', '@chek("tcp")', "did you mean 'check'?"),
        ('@check("echoes")', '@check("ecoes")', "did you mean 'echoes'?"),
        ('names={"kind": "{}"})', 'nmes={"kind": "{}"})',
         "did you mean 'names'?"),
        ('"a sentence"), names', '"a sentence"), need=("server",), names',
         "did you mean 'needs'?"),
        ("def talk(run: Run, kind: str)", "def talk(run: Run)",
         "'kind' is no parameter of talk()"),
        ("@scenario()\ndef beside_a_silent_client(run: Run)",
         "@scenario()\ndef beside_a_silent_client(run: Run, host: str)",
         "beside_a_silent_client() wants 'host'"),
    ],
)  # fmt: skip
def test_a_wrong_word_in_scenarios_is_told_with_line_and_right_word(
    made: Path, before: str, after: str, told: str
) -> None:
    path = made / "scenarios.py"
    line = change(path, before, after)
    text = complaint(made)
    assert told in text
    place, number = text.split(": ")[0].rsplit(":", 1)
    assert place == str(path)
    assert abs(int(number) - line) <= (20 if "import" in text else 2)


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("echoes: partial", "ecoes: partial",
         "no criterion 'ecoes'; did you mean 'echoes'?"),
        ("echoes: partial", "echoes: partail",
         "no verdict 'partail'; did you mean 'partial'?"),
        ("- silent-client-blocks", "- silent-client-block",
         "no insight 'silent-client-block'; did you mean"),
        ("insights:", "insight:", "no key 'insight'; did you mean 'insights'?"),
        ("verdicts:", "verdict:", "no key 'verdict'; did you mean 'verdicts'?"),
    ],
)
def test_a_wrong_word_in_verdicts_is_told_with_line_and_right_word(
    made: Path, before: str, after: str, told: str
) -> None:
    path = made / "examples" / "bad" / "python-shouts" / "verdicts.yaml"
    line = change(path, before, after)
    with pytest.raises(verify.VerifyError) as caught:
        verify.examples(lab.load(str(made)))
    assert str(caught.value).startswith("%s:%d: %s" % (path, line, told))


# ---- mistakes, found when a script runs ------------------------------------


class Anything:
    """Stands for what the script is given; nothing of it is reached."""


def blame(made: Path, line: str, api_call: Any = None) -> str:
    """Run one line of a script as the worker would, and blame it."""
    change(made / "scenarios.py", "    \"\"\"A peer of ours connects",
           "    %s\n    \"\"\"A peer of ours connects" % line)
    loaded = lab.load(str(made))
    script = loaded.case("beside_a_silent_client").script
    known = {"role": ["server", "client"], "host": ["h1", "h2", "h3"]}
    try:
        script(api_call or Anything())
    except Exception as error:  # what it is, is what is tested
        return lab_explain.mistake_of_script(made, error, known) or "ours"
    raise AssertionError("nothing went wrong")


class Run:
    """A little of the run API, with faults of the harness."""

    facts: "dict[str, Any]" = {}

    def start(self, role: str, host: str) -> None:
        raise KeyError(host if role == "server" else role)

    def settle(self) -> None:
        raise IndexError("a mistake of the grader")

    def serve(self, server: Any) -> None:
        pass


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """This file is the grader, as far as blame goes."""
    monkeypatch.setattr(lab_explain, "_GRADER", Path(__file__).resolve().parent)


@pytest.mark.parametrize(
    "line, told",
    [
        ("run.setle()", "'Run' object has no attribute 'setle';"
         " did you mean 'settle'?"),
        ("run.fact['x'] = 1", "did you mean 'facts'?"),
        ("run.start('srver', 'h1')", "no role 'srver'; did you mean 'server'?"),
        ("run.start('server', 'x9')", "no host 'x9'; there are: h1, h2, h3"),
        ("pased('why')", "name 'pased' is not defined; did you mean 'passed'?"),
        ("run.facts['visit']", "KeyError: 'visit'"),
        ("run.start(rol='server', host='h1')", "did you mean 'role'?"),
        ("failed('why', sen='x')", "did you mean 'seen'?"),
        ("assert False", "AssertionError: no more is said"),
    ],
)
def test_a_mistake_of_a_script_is_told_with_line_and_right_word(
    made: Path, ours: None, line: str, told: str
) -> None:
    text = blame(made, line, Run())
    number = (made / "scenarios.py").read_text().split(line)[0].count("\n") + 1
    assert text.startswith("%s:%d: " % (made / "scenarios.py", number))
    assert told in text


@pytest.mark.parametrize("line", ["run.settle()", "run.start('client', 'h1')"])
def test_a_mistake_of_the_grader_is_not_blamed_on_the_lab(
    made: Path, ours: None, line: str
) -> None:
    assert blame(made, line, Run()) == "ours"


# ---- the guide -------------------------------------------------------------


GUIDE = (ROOT / "labs" / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> List[str]:
    """The guide's code of one language."""
    return re.findall(r"^```%s\n(.*?)^```" % language, GUIDE, re.M | re.S)


def test_every_field_of_the_rubric_is_in_the_guide() -> None:
    schema = (ROOT / "grader" / "rubric.schema.json").read_text()
    fields = set(re.findall(r'^\s*"(\w+)": \{(?:"type"|"\$ref"|"enum"|$)', schema, re.M))
    fields -= {"properties", "definitions", "items", "additionalProperties"}
    fields -= {"propertyNames", "id", "line", "hosts", "program", "text", "criterion"}
    fields -= {"ends", "link"}
    assert {"port", "limit_s", "says", "bonus", "rescued", "strictness"} <= fields
    for field in fields:
        assert re.search(r"`(\w+\.)?%s`|^\s*-? ?%s:" % (field, field), GUIDE, re.M), field


def test_everything_of_the_run_api_is_in_the_guide() -> None:
    from grader.run import Run as Real

    for name in vars(Real):
        if not name.startswith("_"):
            assert re.search(r"`(run\.)?%s\b" % name, GUIDE), name


def test_everything_that_a_trace_can_be_asked_is_in_the_guide() -> None:
    from grader.api import Connection, State, Stream, Trace, Traces

    for one in (Trace, Traces, Connection, Stream, State):
        names = set(vars(one)) | set(getattr(one, "__dataclass_fields__", ()))
        for name in names:
            inner = ("begin", "add", "without_faults")  # for the grader
            if not name.startswith("_") and name not in inner:
                assert re.search(r"`(\w+\.)?%s\b" % name, GUIDE), (one, name)


def test_the_guide_s_code_is_the_template_s_or_is_tried() -> None:
    """What is not in the template goes onto a new lab in tests/network."""
    template = (new_lab.TEMPLATE / "scenarios.py").read_text()
    rubric = (new_lab.TEMPLATE / "rubric.yaml").read_text()
    taken = [b for b in blocks("python") if b.strip() in template]
    assert len(taken) >= 4
    for block in blocks("python"):
        if block not in taken:
            assert block.startswith("# more for "), block
    for block in blocks("yaml"):
        if not block.startswith("# more for "):
            assert block.strip() in rubric, block


def test_every_command_of_the_guide_exists() -> None:
    from grader import cli

    known = {command[0] for command in cli.COMMANDS}
    told = set(re.findall(r"^(?:\$ )?mngrade ([a-z-]+)", GUIDE, re.M))
    told |= set(re.findall(r"`mngrade ([a-z-]+)", GUIDE))
    assert {"new-lab", "verify", "grade", "watch", "play"} <= told <= known


def test_the_table_of_features_names_criteria_and_files_that_exist() -> None:
    rows = re.findall(r"^\| (order|sum|chat) \|(.*)\|(.*)\|(.*)\|$", GUIDE, re.M)
    judged = {name: lab.load(name).rubric.ids for name in ("order", "sum", "chat")}
    seen = {name: set() for name in judged}  # type: ignore
    for name, _feature, where, criteria in rows:
        for path in re.findall(r"`(c_src/[\w./]+)`", where):
            assert (ROOT / path).is_file(), path
        for word, path in re.findall(r"`(\w+)` in `(c_src/[\w./]+)`", where):
            text = (ROOT / path).read_text()
            assert re.search(r"^%s\(" % word, text, re.M), (word, path)
        told = re.findall(r"`([a-z-]+)`", criteria)
        assert told, criteria
        seen[name] |= set(told)
    for name, ids in judged.items():
        assert set(ids) <= seen[name], set(ids) - seen[name]
