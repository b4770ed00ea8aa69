"""Does every command say one clear thing, with the right exit status?

Gradings are made up here; real ones are in tests/network.
"""

from __future__ import annotations

import errno
import importlib.util
import json
import logging
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, List, Tuple

import made_up
import made_up_lab
import pytest

from grader import (
    archive,
    cli,
    cli_class,
    cli_grade,
    cli_labs,
    doctor,
    grade,
    sandbox,
    verify,
)
from grader.model import Criterion, Finding, Report, Row, Verdict

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Tuple[int, str, str]]


@pytest.fixture
def mngrade(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Run:
    """Run a command line; returns its status, stdout and stderr."""
    for part in (cli_class, cli_grade, cli_labs):
        monkeypatch.setattr(part, "check_machine", lambda: None)

    def run(*argv: object) -> Tuple[int, str, str]:
        try:
            status = cli.main([str(word) for word in argv])
        except SystemExit as end:  # argparse
            status = int(end.code or 0)
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run


@pytest.fixture
def graded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> List[grade.Order]:
    """Every grading gives a made-up report; the orders are kept."""
    orders: List[grade.Order] = []

    def give(order: grade.Order) -> Report:
        orders.append(order)
        return made_up.report(seed=order.seed)

    monkeypatch.setattr(grade, "grade", give)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "team4").mkdir()
    return orders


def row(verdict: Verdict, points: float = 0.0) -> Row:
    manual = verdict is Verdict.MANUAL
    return Row(Criterion("id", 10, "t", manual), Finding(verdict, ""), points)


@pytest.mark.parametrize(
    "state, rows, status",
    [
        ("graded", [row(Verdict.PASS, 10)], 0),
        ("graded", [row(Verdict.PASS, 10), row(Verdict.MANUAL)], 0),
        ("graded", [], 0),
        ("graded", [row(Verdict.PASS, 10), row(Verdict.FAIL)], 1),
        ("graded", [row(Verdict.PARTIAL, 5)], 1),
        ("graded", [row(Verdict.PARTIAL, 10)], 1),
        ("graded", [row(Verdict.PASS, 8)], 1),  # a rescue that costs points
        ("incomplete", [row(Verdict.PASS, 10), row(Verdict.NOT_JUDGED)], 3),
        ("incomplete", [row(Verdict.FAIL), row(Verdict.NOT_JUDGED)], 3),
        ("ungradable", [row(Verdict.FAIL)], 3),
        ("ungradable", [], 3),
    ],
)
def test_the_exit_status_says_how_it_went(
    state: str, rows: List[Row], status: int
) -> None:
    report = made_up.report(status=state, rows=tuple(rows))
    assert cli_grade.exit_status(report) == status


# ---- grade -----------------------------------------------------------------


def test_a_grading_is_ordered_as_the_user_wants(
    mngrade: Run, graded: List[grade.Order], tmp_path: Path
) -> None:
    status, out, err = mngrade(
        "grade", "order", "team4", "--seed", 7, "--jobs", 3, "--keep", "k/ept",
        "--only", "tcp", "--only", "readable", "--server", "./s", "--client",
        "./c", "--switch", "ovs",
    )  # fmt: skip
    (order,) = graded
    assert status == 3 and "team4" in out and err == ""
    assert (order.seed, order.jobs, order.switch) == (7, 3, "ovs")
    assert order.only == ("tcp", "readable")
    assert (order.server, order.client) == ("./s", "./c")
    assert order.keep == tmp_path / "k" / "ept" and order.keep.is_dir()
    assert order.paths == (Path("team4"),) and order.lab.name == "order"


def test_options_may_stand_between_the_arguments(
    mngrade: Run, graded: List[grade.Order], tmp_path: Path
) -> None:
    for argv in (
        ("grade", "order", "--seed", "7", tmp_path, "--only", "tcp"),
        ("grade", "--seed", "7", "order", "--only", "tcp", tmp_path),
        ("grade", "order", tmp_path, "--only", "tcp", "--seed", "7"),
    ):
        mngrade(*argv)
    assert len(graded) == 3
    assert len({(o.paths, o.seed, o.only) for o in graded}) == 1
    status, _, err = mngrade("grade", "order", tmp_path, "--sed", "7", "--nothing")
    assert status == 2 and "--nothing" in err


def test_a_page_is_written_for_the_reader_who_is_named(
    mngrade: Run, graded: List[grade.Order], tmp_path: Path
) -> None:
    lab = made_up_lab.write(
        tmp_path / "tiny", rubric=made_up_lab.RUBRIC + "hide: [scenarios]\n"
    )
    for view in ("instructor", "student"):
        status, _out, _err = mngrade(
            "grade", lab, "team4", "--html", view, "--json", "r.json",
            "--view", view,
        )  # fmt: skip
        page = (tmp_path / view).read_text(encoding="utf-8")
        assert page.startswith("<!DOCTYPE html>") and status == 3
        assert "mngrade grade order team4 --seed 1" in page
        told = (tmp_path / "r.json").read_text()
        seen = [made_up.RUN in page, made_up.RUN in told]
        assert seen == [view == "instructor"] * 2


def test_a_page_without_jinja_is_refused_before_the_grading(
    mngrade: Run, graded: List[grade.Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    status, _out, err = mngrade("grade", "order", "team4", "--html", "r.html")
    assert status == 3 and "apt-get install python3-jinja2" in err
    assert not graded


def test_json_on_stdout_is_json_alone(
    mngrade: Run, graded: List[grade.Order]
) -> None:
    _status, out, _err = mngrade("grade", "order", "team4", "--json", "-")
    assert json.loads(out)["schema"] == "mngrade/report/1"


def test_reports_go_to_files_beside_the_text(
    mngrade: Run, graded: List[grade.Order], tmp_path: Path
) -> None:
    _status, out, _err = mngrade(
        "grade", "order", "team4", "--json", "r.json", "--junit", "r.xml"
    )
    assert json.loads((tmp_path / "r.json").read_text())["lab"] == "order"
    assert "<testsuite" in (tmp_path / "r.xml").read_text()
    assert "order-of-arrival" in out or "order of arrival" in out


def test_with_commands_the_submission_may_be_left_out(
    mngrade: Run, graded: List[grade.Order]
) -> None:
    mngrade("grade", "order", "--server", "python3 s.py")
    assert graded[0].paths == (Path("."),)


@pytest.mark.parametrize(
    "argv, told",
    [
        ([], "required"),
        (["grad"], "did you mean 'grade'?"),
        (["verfy", "order"], "did you mean 'verify'?"),
        (["grade"], "LAB"),
        (["grade", "order"], "Give a folder, files, or a zip or tar"),
        (["grade", "ordr", "team4"], "did you mean 'order'?"),
        (["grade", "zzz", "team4"], "no lab 'zzz'; there are: "),
        (["grade", "./none", "team4"], "no lab './none'"),
        (["grade", "order", "team5"], "did you mean 'team4'?"),
        (["grade", "order", "no/such/path"], "no such path: no/such/path"),
        (["grade", "order", "team4", "--only", "tpc"], "did you mean 'tcp'?"),
        (["grade", "order", "team4", "--only", "zz"], "no criterion 'zz'"),
        (["grade", "order", "team4", "--jobs", "0"], "number from 1 on"),
        (["grade", "order", "team4", "--jobs", "x"], "number from 1 on"),
        (["grade", "order", "team4", "--jobs", "²"], "number from 1 on"),
        (["grade", "order", "team4", "--seed", "x"], "--seed"),
        (["grade", "order", "team4", "--switch", "hub"], "--switch"),
        (["grade", "order", "team4", "--keep", "/dev/null/x"], "--keep"),
        (["grade", "order", "team4", "--no-such"], "--no-such"),
        (["verify", "order", "busy-wiat"], "did you mean 'busy-wait'?"),
        (["verify", "ordr"], "did you mean 'order'?"),
    ],
)
def test_wrong_usage_is_one_message_and_status_2(
    mngrade: Run, graded: List[grade.Order], argv: List[str], told: str
) -> None:
    status, out, err = mngrade(*argv)
    assert status == 2 and out == "" and told in err
    assert not graded
    told_lines = [line for line in err.split("\n") if line.startswith("mngrade:")]
    assert len(told_lines) == 1


def test_a_broken_lab_is_one_message_and_status_2(
    mngrade: Run, tmp_path: Path
) -> None:
    folder = made_up_lab.write(tmp_path / "tiny", scenarios="def broken(:\n")
    for command in ("grade", "verify"):
        status, out, err = mngrade(command, folder, tmp_path)
        assert status == 2 and out == "" and "scenarios.py:1: " in err


@pytest.mark.parametrize(
    "error, status",
    [
        (archive.SubmissionError("a.zip: is no zip"), 2),
        (sandbox.SandboxError("bwrap is missing"), 3),
        (OSError(errno.ENOSPC, "No space left on device"), 3),
        (ValueError("a mistake of ours"), 3),
        (KeyError("h2"), 3),
        (RecursionError("too deep"), 3),
        (MemoryError(), 3),
        (BrokenPipeError(errno.EPIPE, "Broken pipe"), 3),
    ],
)
def test_what_fails_in_a_grading_judges_nobody(
    mngrade: Run, graded: List[grade.Order], error: Exception, status: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    def fail(order: grade.Order) -> Report:
        raise error

    monkeypatch.setattr(grade, "grade", fail)
    got, out, err = mngrade("grade", "order", "team4")
    assert got == status and out == ""
    assert err.startswith("mngrade: ") and err.count("\n") == 1
    if status == 3:
        assert "nothing is judged" in err


def test_a_user_who_stops_it_is_told_so(
    mngrade: Run, graded: List[grade.Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(order: grade.Order) -> Report:
        raise KeyboardInterrupt

    monkeypatch.setattr(grade, "grade", stop)
    assert mngrade("grade", "order", "team4") == (130, "", "mngrade: stopped\n")


def test_a_report_that_cannot_be_written_is_told(
    mngrade: Run, graded: List[grade.Order]
) -> None:
    for option in ("--json", "--junit", "--html"):
        status, out, err = mngrade("grade", "order", "team4", option, "no/r")
        assert status == 2 and "not written" in err and "team4" in out


def test_what_the_machine_lacks_is_told_with_what_mends_it(
    mngrade: Run, graded: List[grade.Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    found = [
        doctor.Finding(True, "Python"),
        doctor.Finding(False, "tmux is missing", "install tmux", needed=False),
        doctor.Finding(False, "Mininet is not installed", "apt-get install it"),
    ]
    monkeypatch.setattr(doctor, "diagnose", lambda: found)
    status, out, err = mngrade("grade", "order", str(ROOT))
    assert status == 3 and out == ""
    assert "Mininet is not installed" in err and "apt-get install it" in err
    status, out, _err = mngrade("doctor")
    assert status == 3
    assert out.count("MISS") == 2 and "to mend it: install tmux" in out


@pytest.mark.parametrize("name", ["a\x1b[2Jb", "né", "caf\udce9", "a\nb"])
def test_a_path_cannot_paint_on_the_terminal(
    mngrade: Run, graded: List[grade.Order], name: str
) -> None:
    _status, _out, err = mngrade("grade", "order", name)
    assert "\x1b" not in err and "no such path" in err


# ---- the process -----------------------------------------------------------


def process(*argv: str, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "grader", *argv], cwd=str(ROOT),
        stderr=subprocess.PIPE, check=False, **options,
    )  # fmt: skip


def test_labs_are_listed() -> None:
    done = process("labs", stdout=subprocess.PIPE)
    assert done.returncode == 0 and b"order" in done.stdout


def test_a_reader_that_goes_away_is_no_failure() -> None:
    read, write = os.pipe()
    os.close(read)
    done = process("labs", stdout=write)
    os.close(write)
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_full_disk_behind_stdout_is_told() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = process("labs", stdout=full)
    assert done.returncode == 3
    assert done.stderr == (
        b"mngrade: the output was not written: No space left on device\n"
    )


def test_a_log_level_that_is_none_does_no_harm() -> None:
    for level in ("loud", "debug", ""):
        done = process(
            "labs", stdout=subprocess.PIPE,
            env=dict(os.environ, MNGRADE_LOG=level),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def test_without_a_locale_nothing_breaks(tmp_path: Path) -> None:
    env = dict(os.environ, LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    done = process("grade", "order", str(tmp_path / "caf\udce9"), env=env)
    assert done.returncode == 2
    assert b"no such path" in done.stderr and b"Traceback" not in done.stderr


# ---- verify ----------------------------------------------------------------


def test_verify_counts_what_is_as_it_must_be(
    mngrade: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def result(
        lab: Any, example: Any, seed: int, jobs: int, switch: str
    ) -> verify.Result:
        assert switch == "bridge"
        wrong = ("tcp: fail, must be pass",) if seed == 2 else ()
        report = replace(made_up.report(), elapsed_s=0.5)
        return verify.Result(example, report, seed, wrong)

    monkeypatch.setattr(verify, "verify", result)
    status, out, _err = mngrade("verify", "order", "busy-wait")
    assert status == 0 and "1 of 1 gradings as they must be" in out
    status, out, _err = mngrade("verify", "order", "busy-wait", "--times", "3")
    assert status == 1 and "2 of 3 gradings as they must be" in out
    assert "BAD" in out and "tcp: fail, must be pass" in out


@pytest.mark.parametrize(
    "verdicts, told",
    [
        ("", "the file is empty"),
        ("- tcp\n", "must hold lines"),
        ("verdicts: [tcp]\n", "`verdicts` must be a table"),
        ("verdicts: {grets: fail}\n", "no criterion 'grets'"),
        ("verdicts: {greets: failed}\n", "no verdict 'failed'"),
        ("verdicts: {greets: true}\n", "no verdict"),
        ("verdicts: {\n", "verdicts.yaml:"),
    ],
)
def test_an_example_with_a_typo_is_told_with_its_file(
    mngrade: Run, tmp_path: Path, verdicts: str, told: str
) -> None:
    folder = made_up_lab.write(tmp_path / "tiny")
    example = folder / "examples" / "bad" / "one"
    example.mkdir(parents=True)
    (example / "verdicts.yaml").write_text(verdicts)
    status, out, err = mngrade("verify", folder)
    assert status == 2 and out == ""
    assert "verdicts.yaml" in err and told in err


def test_the_log_is_quiet_by_default() -> None:
    assert logging.getLogger("mngrade").getEffectiveLevel() >= logging.WARNING
