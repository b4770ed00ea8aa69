"""Do verdicts become the right points, and faults of ours none at all?"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path
from typing import List

import made_up_lab
import pytest

from grader import api, score
from grader.model import (
    Criterion,
    Finding,
    Insight,
    Outcome,
    Report,
    Row,
    Verdict,
)

ROW = Criterion("id", 10, "title", partial=0.5, rescued=0.8)


@pytest.mark.parametrize(
    "verdict, partial, rescued, is_rescued, points",
    [
        (Verdict.PASS, 0.5, 0.8, False, 10),
        (Verdict.PASS, 0.5, 0.8, True, 8),
        (Verdict.PASS, 0.5, 0.0, True, 0),
        (Verdict.PARTIAL, 0.5, 0.8, False, 5),
        (Verdict.PARTIAL, 0.5, 0.8, True, 4),
        (Verdict.PARTIAL, 0.0, 1.0, False, 0),  # a course without part marks
        (Verdict.PARTIAL, 1.0, 1.0, False, 10),
        (Verdict.PARTIAL, 0.25, 1.0, True, 2.5),
        (Verdict.FAIL, 0.5, 0.8, False, 0),
        (Verdict.FAIL, 0.5, 0.8, True, 0),
        (Verdict.MANUAL, 0.5, 0.8, False, 0),
        (Verdict.NOT_JUDGED, 0.5, 0.8, False, 0),
        (Verdict.NOT_JUDGED, 0.5, 0.8, True, 0),
    ],
)
def test_points_follow_the_rubric_s_shares(
    verdict: Verdict,
    partial: float,
    rescued: float,
    is_rescued: bool,
    points: float,
) -> None:
    criterion = replace(ROW, partial=partial, rescued=rescued)
    finding = Finding(verdict, "", rescued=is_rescued)
    assert score.points(criterion, finding) == pytest.approx(points)


def judge(tmp_path: Path, greets: str, *records: object) -> Row:
    """The row `greets`, where its check is the given body."""
    scenarios = made_up_lab.SCENARIOS.replace(
        'def greets(traces):\n    return passed("it does")',
        "def greets(traces):\n    " + greets,
    )
    loaded = made_up_lab.load(tmp_path, scenarios)
    seen = records or (made_up_lab.record(),)
    traces = made_up_lab.traces(loaded, *seen)  # type: ignore
    rows = score.judge(loaded, traces)
    assert [row.criterion.id for row in rows] == list(loaded.rubric.ids)
    assert rows[-1].finding.verdict is Verdict.MANUAL
    return rows[0]


def test_a_check_s_finding_is_the_row_s(tmp_path: Path) -> None:
    row = judge(tmp_path, 'return passed("yes", notes=("but",))')
    assert (row.points, row.finding.verdict) == (10, Verdict.PASS)
    assert (row.finding.reason, row.finding.notes) == ("yes", ("but",))


@pytest.mark.parametrize(
    "body, told",
    [
        ("return 1 / 0", "ZeroDivisionError"),
        ('raise KeyError("h2")', "h2"),
        ("assert False", "AssertionError"),
        ("pass", "returned None"),
        ("return True", "returned True"),
        ('return "pass"', "returned 'pass'"),
        ("return greets(traces)", "RecursionError"),
        ("return next(iter(traces)).state(99)", "IndexError"),
    ],
)
def test_a_check_that_fails_itself_judges_nobody(
    tmp_path: Path, body: str, told: str
) -> None:
    row = judge(tmp_path, body)
    assert row.finding.verdict is Verdict.NOT_JUDGED
    assert row.points == 0
    assert "the check itself failed" in row.finding.reason
    assert told in row.finding.reason
    assert score.status([row]) == "incomplete"


def test_the_reason_says_in_which_line_a_check_failed(tmp_path: Path) -> None:
    row = judge(tmp_path, "return 1 / 0")
    assert "(scenarios.py:9)" in row.finding.reason


@pytest.mark.parametrize("body", ['return passed("")', 'return failed("")'])
def test_no_verdict_rests_on_a_run_in_which_the_harness_failed(
    tmp_path: Path, body: str
) -> None:
    body = "from grader.api import failed; " + body
    fault = made_up_lab.record(
        "talk[h3 first]", Outcome.HARNESS, "Traceback\n  many lines\nno room"
    )
    row = judge(tmp_path, body, made_up_lab.record(), fault)
    assert row.finding.verdict is Verdict.NOT_JUDGED
    assert row.points == 0
    assert "1 of the runs: no room" in row.finding.reason
    assert "Traceback" not in row.finding.reason


def test_a_run_that_got_stuck_is_judged(tmp_path: Path) -> None:
    stuck = made_up_lab.record(outcome=Outcome.STUCK, reason="no listener")
    row = judge(tmp_path, 'return passed("all the same")', stuck)
    assert row.finding.verdict is Verdict.PASS


def test_only_the_criteria_that_are_asked_for_are_judged(
    tmp_path: Path,
) -> None:
    loaded = made_up_lab.load(tmp_path)
    traces = made_up_lab.traces(loaded, made_up_lab.record())
    rows = score.judge(loaded, traces, ("ends", "greets"))
    assert [row.criterion.id for row in rows] == ["greets", "ends"]


def test_what_a_person_decides_is_pending_whatever_the_runs(
    tmp_path: Path,
) -> None:
    loaded = made_up_lab.load(tmp_path)
    fault = made_up_lab.record(outcome=Outcome.HARNESS, reason="no room")
    rows = score.judge(loaded, made_up_lab.traces(loaded, fault))
    report = Report("tiny", "x", 1, "mininet", score.status(rows), rows)
    assert report.status == "incomplete"
    assert (report.points, report.pending_points, report.max_points) == (
        0, 15, 50,
    )  # fmt: skip


def test_an_insight_that_fails_is_left_out_and_the_others_stay(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    scenarios = made_up_lab.SCENARIOS + (
        "from grader.api import Insight\n"
        "@insight\n"
        "def broken(traces):\n"
        "    yield Insight('one', 'seen before it broke')\n"
        "    raise ValueError('oh')\n"
        "@insight\n"
        "def nothing(traces):\n"
        "    pass\n"
        "@insight\n"
        "def odd(traces):\n"
        "    yield 'no insight'\n"
        "@insight\n"
        "def fine(traces):\n"
        "    yield Insight('two', 'seen')\n"
    )
    loaded = made_up_lab.load(tmp_path, scenarios)
    caplog.set_level(logging.WARNING, "mngrade")
    found = score.insights(loaded, made_up_lab.traces(loaded))
    assert [insight.id for insight in found] == ["one", "two"]
    assert all(isinstance(insight, Insight) for insight in found)
    assert "an insight failed: ValueError: oh (scenarios.py:" in caplog.text


def test_status_is_graded_unless_something_was_not_judged() -> None:
    def rows(*verdicts: Verdict) -> List[Row]:
        return [Row(ROW, Finding(verdict, ""), 0) for verdict in verdicts]

    assert score.status(rows()) == "graded"
    all_of_them = [v for v in Verdict if v is not Verdict.NOT_JUDGED]
    assert score.status(rows(*all_of_them)) == "graded"
    assert score.status(rows(*Verdict)) == "incomplete"


def test_what_was_rescued_is_noted_in_one_line() -> None:
    plain = Row(ROW, api.passed(""), 10)
    saved = replace(plain, finding=replace(plain.finding, rescued=True))
    assert score.rescued_notes([plain]) == []
    (line,) = score.rescued_notes([plain, saved, saved])
    assert line.endswith(": id, id")
