"""Are the right runs made, in the right order, and what comes of them?

The programs are found and built as always; the runs are made up.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Dict, List, cast

import made_up_lab
import pytest

from grader import discover, sandbox
from grader import grade as grading
from grader.grade import Order
from grader.kept import Observed
from grader.lab import Lab
from grader.model import Outcome, Program, Report, ScenarioRecord, Verdict

SCENARIOS = made_up_lab.SCENARIOS + """
@scenario(needs=("server",))
def alone(run):
    pass

def lost(traces):
    return any(trace.facts.get("lost") for trace in traces)

def broken(traces):
    raise ValueError("oh")

@scenario(when=lost)
def again(run):
    pass

@scenario(when=lost, needs=("client",))
def peer(run):
    pass
"""
SERVER = "import socket\ns = socket.socket()\ns.bind(('', 1))\ns.listen()\ns.accept()\n"
CLIENT = "import socket\ns = socket.socket()\ns.connect(('h', 1))\ns.send(b'x')\n"
Runs = List[List[str]]
Grade = Callable[..., Report]


class FakeSchedule:
    """Makes a record of each case that it is asked to run."""

    made: Runs = []
    facts: Dict[str, Any] = {}
    outcomes: Dict[str, Outcome] = {}

    def __init__(self, *_: object, **__: object) -> None:
        pass

    def __enter__(self) -> "FakeSchedule":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def prepare(self, count: int) -> None:
        """There is nothing to open."""

    def run(self, task: Any, cases: Any) -> List[ScenarioRecord]:
        FakeSchedule.made.append([case.name for case in cases])
        return [
            ScenarioRecord(
                case.name,
                self.outcomes.get(case.name, Outcome.FINISHED),
                "no room",
                facts=dict(self.facts),
            )
            for case in cases
        ]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    monkeypatch.setattr(grading, "Schedule", FakeSchedule)
    FakeSchedule.made, FakeSchedule.facts, FakeSchedule.outcomes = [], {}, {}
    return FakeSchedule.made


@pytest.fixture
def grade(tmp_path: Path, runs: Runs) -> Grade:
    def do(
        files: Dict[str, str], scenarios: str = SCENARIOS, **options: Any
    ) -> Report:
        loaded: Lab = made_up_lab.load(tmp_path, scenarios)
        folder = tmp_path / "team4"
        folder.mkdir()
        for name, text in files.items():
            (folder / name).write_text(text)
        return grading.grade(Order(loaded, (folder,), seed=5, **options))

    return do


BOTH = {"server.py": SERVER, "client.py": CLIENT}


def test_runs_without_a_condition_come_first_and_then_what_they_call_for(
    grade: Grade, runs: Runs
) -> None:
    FakeSchedule.facts = {"lost": True}
    report = grade(BOTH)
    assert runs == [
        ["talk[h2 first]", "talk[h3 first]", "alone"], ["again", "peer"],
    ]  # fmt: skip
    assert [t.name for t in report.traces] == runs[0] + runs[1]


def test_where_nothing_is_lost_nothing_more_is_run(
    grade: Grade, runs: Runs
) -> None:
    report = grade(BOTH)
    assert len(runs) == 1
    assert (report.status, report.seed, report.submission) == (
        "graded", 5, "team4",
    )  # fmt: skip
    assert (report.points, report.pending_points) == (35, 15)
    assert report.elapsed_s > 0


@pytest.mark.parametrize(
    "missing, possible",
    [
        ("client.py", [["alone"]]),
        ("server.py", [[], ["peer"]]),
    ],
)
def test_only_what_the_programs_allow_is_run(
    grade: Grade, runs: Runs, missing: str, possible: Runs
) -> None:
    FakeSchedule.facts = {"lost": True}
    files = {name: text for name, text in BOTH.items() if name != missing}
    grade(files, SCENARIOS.replace("return any(", "return True or any("))
    assert runs == possible


def test_a_condition_that_fails_itself_leaves_nothing_out(
    grade: Grade, runs: Runs, caplog: pytest.LogCaptureFixture
) -> None:
    grade(BOTH, SCENARIOS.replace("when=lost)", "when=broken)"))
    assert runs[1] == ["again"]
    assert "ValueError: oh" in caplog.text and "Traceback" not in caplog.text


def test_after_a_fault_of_ours_nothing_more_is_asked(
    grade: Grade, runs: Runs
) -> None:
    FakeSchedule.facts = {"lost": True}
    FakeSchedule.outcomes = {"alone": Outcome.HARNESS}
    report = grade(BOTH)
    assert len(runs) == 1
    assert report.status == "incomplete" and report.points == 0
    verdicts = {row.finding.verdict for row in report.rows}
    assert verdicts == {Verdict.NOT_JUDGED, Verdict.MANUAL}


def test_a_run_that_got_stuck_is_no_fault_of_ours(
    grade: Grade, runs: Runs
) -> None:
    FakeSchedule.outcomes = {"alone": Outcome.STUCK}
    assert grade(BOTH).status == "graded"


def test_nothing_to_run_is_ungradable_and_says_what_was_looked_for(
    grade: Grade, runs: Runs
) -> None:
    report = grade({"README.txt": "our report"})
    assert runs == [] and report.status == "ungradable"
    assert "server" in report.problem and report.points == 0
    assert report.traces == () and report.insights == ()


def test_notes_of_the_runs_are_told_once(grade: Grade, runs: Runs) -> None:
    note = {"kind": "bind", "text": "it listens at lo", "program": "server"}
    FakeSchedule.facts = {"notes": [note, note]}
    assert grade(BOTH).notes.count("it listens at lo") == 1


def test_only_some_criteria(grade: Grade, runs: Runs) -> None:
    report = grade(BOTH, only=("ends",))
    assert [row.criterion.id for row in report.rows] == ["ends"]
    assert report.max_points == 5


def test_the_tools_are_where_make_puts_them_or_where_they_are_said_to_be(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("MNGRADE_BIN", raising=False)
    assert grading.tools().labrun == grading.ROOT / "build" / "bin" / "labrun"
    monkeypatch.setenv("MNGRADE_BIN", "/x")
    tools = grading.tools()
    assert (tools.labrun, tools.labexec) == (Path("/x/labrun"), Path("/x/labexec"))


Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize("free", [0, grading.BUILD_ROOM - 1])
def test_a_build_that_fails_on_a_full_disk_is_no_fault_of_the_submission(
    grade: Grade, runs: Runs, free: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = Usage(1 << 30, 1 << 30, free)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(OSError) as caught:
        grade({"server.c": "int main(void) { listen(accept(1) }", **BOTH_C})
    assert caught.value.errno == errno.ENOSPC
    assert runs == []


BOTH_C = {"client.c": "int main(void) { return connect(1, 2, 3) }"}


def test_a_build_that_fails_with_room_enough_is(
    grade: Grade, runs: Runs
) -> None:
    report = grade({"server.c": "int main(void) { listen(accept(1) }", **BOTH_C})
    assert report.status == "ungradable" and "server.c" in report.problem


def test_root_s_programs_can_pass_to_where_they_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(closed))
    monkeypatch.setattr(sandbox, "can_drop", lambda: True)
    assert grading._temporary_folder() in (Path("/tmp"), Path("/var/tmp"))
    monkeypatch.setattr(sandbox, "can_drop", lambda: False)
    assert grading._temporary_folder() == closed


def test_a_workspace_is_gone_after_an_error(
    grade: Grade, runs: Runs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(grading, "_temporary_folder", lambda: tmp_path)
    monkeypatch.setattr(discover, "find_programs", fail)
    with pytest.raises(OSError):
        grade(BOTH)
    assert not [n for n in os.listdir(str(tmp_path)) if n.startswith("mngrade-")]


def test_of_what_was_not_chosen_at_first_and_is_taken_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = Program("server", ("./b",), source="b.py")
    found = discover.Discovery((), ("not chosen: b.py",), alternatives=((server,),))
    points = iter((SimpleNamespace(points=3.0), SimpleNamespace(points=7.0)))
    monkeypatch.setattr(grading, "judge", lambda *_: next(points))
    monkeypatch.setattr(grading, "_loses", lambda _report: True)
    tried = Observed("tiny", "", 1, programs=(server,), notes=("built",))
    monkeypatch.setattr(grading, "_watch", lambda *_: tried)
    first = Observed("tiny", "", 1, notes=("not chosen: b.py", "a note"))
    work = cast(Any, SimpleNamespace(order=SimpleNamespace(lab=None)))
    taken = grading._better(work, found, first)
    assert taken.programs == (server,)
    assert taken.notes == (
        "a note", "built",
        "server b.py: tried as well, and worth 7 points instead of 3: taken",
    )  # fmt: skip
