"""Does a tool that knows tests understand the grading?"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Dict, List

import pytest

import made_up
from grader import model, report_junit
from grader.model import Verdict


def suite_of(report: model.Report) -> ET.Element:
    suite = ET.fromstring(report_junit.dumps(report)).find("testsuite")
    assert suite is not None
    return suite


@pytest.mark.parametrize(
    "verdict, tags",
    [
        (Verdict.PASS, []),
        (Verdict.PARTIAL, ["failure"]),
        (Verdict.FAIL, ["failure"]),
        (Verdict.MANUAL, ["skipped"]),
        (Verdict.NOT_JUDGED, ["error"]),
    ],
)
def test_a_verdict_becomes_a_result(verdict: Verdict, tags: List[str]) -> None:
    report = made_up.report(rows=(made_up.row("tcp", 5, verdict),))
    case = suite_of(report).find("testcase")
    assert case is not None and case.get("name") == "tcp"
    assert [child.tag for child in case] == tags


def test_counts_what_it_holds() -> None:
    suite = suite_of(made_up.report())
    counted = {
        name: suite.get(name)
        for name in ("tests", "failures", "errors", "skipped", "time")
    }
    assert counted == {
        "tests": "7", "failures": "2", "errors": "1", "skipped": "2",
        "time": "0.913",
    }  # fmt: skip


def test_a_failure_says_what_a_person_needs() -> None:
    failure = suite_of(made_up.report()).find(".//failure[@type='partial']")
    assert failure is not None and failure.text is not None
    assert failure.get("message") == "Client X is told, client Y is not."
    lines = failure.text.split("\n")
    assert "points: 5 of 10" in lines
    expected = '"Y: birch received before X: alder", to both clients'
    assert "expected: " + expected in lines
    assert any(line.startswith("mend: Build one sentence") for line in lines)
    assert any(line.startswith("in " + made_up.RUN) for line in lines)


def test_a_missed_bonus_is_a_failure_that_says_so() -> None:
    rows = (
        made_up.row("echo", 100, Verdict.PASS, 100),
        made_up.bonus("list", 10, Verdict.PASS, 10),
        made_up.bonus("stream", 20, Verdict.PARTIAL, 10),
    )
    suite = suite_of(made_up.report(rows=rows))
    failure = suite.find(".//failure")
    assert failure is not None and failure.text is not None
    assert "points: 10 of 20, a bonus" in failure.text.split("\n")
    found = {one.get("name"): one.get("value") for one in suite.iter("property")}
    assert (found["points"], found["max_points"]) == ("120", "100")
    assert found["bonus_points"] == "20"


def test_the_points_are_properties() -> None:
    found: Dict[str, str] = {
        one.get("name", ""): one.get("value", "")
        for one in suite_of(made_up.report()).iter("property")
    }
    assert found["points"] == "15" and found["max_points"] == "65"
    assert found["submission"] == "team4" and found["seed"] == "7"


def test_nothing_to_run_is_a_failure() -> None:
    report = made_up.report(
        rows=(), status="ungradable", problem="neither server nor client"
    )
    suite = suite_of(report)
    assert suite.get("failures") == "1" and suite.get("tests") == "1"
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "neither server nor client"


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    evil = "]]></failure><x a='&\"> \x00\x1b[2J \ud800 \ufffe é\nnext"
    rows = (made_up.row("tcp", 5, Verdict.FAIL, reason=evil, seen=evil),)
    path = tmp_path / "junit.xml"
    report_junit.write(made_up.report(rows=rows, submission=evil), path)
    root = ET.fromstring(path.read_bytes())
    failure = root.find(".//failure")
    assert failure is not None and failure.text is not None
    assert "\\x00\\x1b[2J \\ud800 \\ufffe é\nnext" in failure.text
    assert root.find(".//x") is None
