"""Does a student see everything but what the instructor hides?"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import pytest

import made_up
import made_up_lab
from grader import model, report_json, report_text, rubric, view
from grader.words import Style

FIELDS: Dict[str, Any] = {
    "reason": "a reason", "expected": "what was expected", "seen": "what came",
    "notes": ("a note",), "mend": "a way to mend it",
}  # fmt: skip


def rules(folder: Path, at_row: str = "", on_top: str = "") -> rubric.Rubric:
    text = made_up_lab.RUBRIC
    if at_row:
        text = text.replace("title: It greets", "title: It greets\n    " + at_row)
    made_up_lab.write(folder, rubric=text + on_top)
    return rubric.load(folder / "rubric.yaml")


def report() -> model.Report:
    evidence = (model.Evidence(made_up.RUN, (3,)),)
    rows = tuple(
        made_up.row(id, 10, model.Verdict.FAIL, evidence=evidence, **FIELDS)
        for id in ("greets", "answers")
    )
    rows = tuple(
        replace(row, criterion=replace(row.criterion, hint="a hint"))
        for row in rows
    )
    insight = model.Insight("spins", "it spins", evidence=evidence)
    return made_up.report(rows=rows, insights=(insight,))


def row(shown: model.Report, at: int) -> Any:
    finding, criterion = shown.rows[at].finding, shown.rows[at].criterion
    return {
        "reason": finding.reason, "expected": finding.expected,
        "seen": finding.seen, "notes": finding.notes,
        "evidence": finding.evidence, "hint": finding.mend + criterion.hint,
    }  # fmt: skip


def test_an_instructor_sees_everything(tmp_path: Path) -> None:
    hiding = rules(tmp_path, "hide: [seen]", "hide: [scenarios, insights]\n")
    assert view.of(report(), hiding, "instructor") == report()


def test_a_student_sees_everything_where_nothing_is_hidden(tmp_path: Path) -> None:
    assert view.of(report(), rules(tmp_path), "student") == report()


@pytest.mark.parametrize(
    "part", ["reason", "expected", "seen", "notes", "evidence", "hint"]
)
def test_what_one_row_hides_is_gone_there_alone(tmp_path: Path, part: str) -> None:
    hiding = rules(tmp_path, "hide: [%s]" % part)
    shown = view.of(report(), hiding, "student")
    before = row(report(), 0)
    assert all(before.values())
    assert row(shown, 0) == {**before, part: type(before[part])()}
    assert row(shown, 1) == before


def test_points_and_verdicts_are_always_told(tmp_path: Path) -> None:
    everything = "hide: [reason, expected, seen, hint, notes, evidence]"
    shown = view.of(report(), rules(tmp_path, everything), "student")
    assert not any(row(shown, 0).values())
    assert [one.finding.verdict for one in shown.rows] == [
        one.finding.verdict for one in report().rows
    ]
    assert shown.points == report().points


def test_what_is_hidden_at_the_top_is_gone_everywhere(tmp_path: Path) -> None:
    hiding = rules(tmp_path, on_top="hide: [expected, insights, programs]\n")
    shown = view.of(report(), hiding, "student")
    assert [row(shown, at)["expected"] for at in (0, 1)] == ["", ""]
    assert not shown.insights and not shown.programs and not shown.notes
    assert shown.traces


def test_without_scenarios_nothing_names_one(tmp_path: Path) -> None:
    hiding = rules(tmp_path, on_top="hide: [scenarios]\n")
    shown = view.of(report(), hiding, "student")
    assert not shown.traces
    assert made_up.RUN not in report_json.dumps(shown)
    assert made_up.RUN not in report_text.render(shown, Style(80))
    assert shown.insights[0].text == "it spins"


def test_a_view_that_nobody_knows_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no view 'teacher'"):
        view.of(report(), rules(tmp_path), "teacher")


@pytest.mark.parametrize(
    "at_row, on_top",
    [("hide: [points]", ""), ("hide: [scenarios]", ""), ("", "hide: seen\n")],
)
def test_a_rubric_cannot_hide_what_is_no_part(
    tmp_path: Path, at_row: str, on_top: str
) -> None:
    with pytest.raises(rubric.RubricError, match=r"rubric.yaml:\d+: .*hide"):
        rules(tmp_path, at_row, on_top)
