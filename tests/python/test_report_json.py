"""Does the JSON report keep its contract, and do re-runs agree?"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict

import pytest

import made_up
from grader import model, report_json
from grader.model import Verdict


def test_has_every_key_of_the_contract() -> None:
    found = report_json.to_dict(made_up.report())
    assert found["schema"] == "mngrade/report/1"
    expected: Dict[str, Any] = {
        "lab": "order", "submission": "team4", "seed": 7,
        "backend": "mininet", "status": "incomplete", "points": 15,
        "max_points": 65, "pending_points": 30, "elapsed_s": 0.913,
    }  # fmt: skip
    assert {key: found[key] for key in expected} == expected
    assert found["scenarios"][0]["name"] == made_up.RUN
    assert found["scenarios"][0]["outcome"] == "stuck"
    assert found["scenarios"][0]["trace"] == "traces/07.jsonl"
    assert found["insights"][0]["id"] == "busy-wait"
    assert found["insights"][0]["text"].startswith("The server spins")
    partial = found["criteria"][3]
    assert partial["id"] == "acknowledges-both"
    assert partial["verdict"] == "partial"
    assert (partial["points"], partial["max_points"]) == (5, 10)
    assert partial["reason"] == "Client X is told, client Y is not."
    assert partial["rescued"] is False and partial["title"]
    evidence = partial["evidence"][0]
    assert evidence["scenario"] == made_up.RUN and len(evidence["events"]) == 2
    assert found["criteria"][2]["rescued"] is True


def test_a_bonus_is_marked_and_comes_on_top_of_the_maximum() -> None:
    rows = (
        made_up.row("echo", 100, Verdict.PASS, 100),
        made_up.bonus("list", 10, Verdict.PASS, 10),
        made_up.bonus("stream", 20, Verdict.FAIL),
        made_up.bonus("look", 5, Verdict.MANUAL),
    )
    found = report_json.to_dict(made_up.report(rows=rows))
    assert [one["bonus"] for one in found["criteria"]] == [
        False, True, True, True,
    ]  # fmt: skip
    assert (found["points"], found["max_points"]) == (110, 100)
    assert (found["bonus_points"], found["max_bonus_points"]) == (10, 35)
    assert found["pending_points"] == 0


@pytest.mark.parametrize("verdict", list(Verdict))
def test_writes_each_verdict_by_its_name(verdict: Verdict) -> None:
    report = made_up.report(rows=(made_up.row("tcp", 5, verdict),))
    found = json.loads(report_json.dumps(report))
    assert found["criteria"][0]["verdict"] == verdict.value


def test_whole_points_have_no_fraction() -> None:
    rows = (
        made_up.row("a", 5.0, Verdict.PASS, 5.0),
        made_up.row("b", 2.5, Verdict.PARTIAL, 1.25),
        made_up.row("c", 0.3, Verdict.PASS, 0.1 + 0.2),
    )
    text = report_json.dumps(made_up.report(rows=rows))
    assert '"points": 5,' in text and "5.0" not in text
    assert '"points": 1.25,' in text
    assert '"points": 0.3,' in text


def test_is_ascii_and_survives_what_is_no_text(tmp_path: Path) -> None:
    name = "t\x1b[2J\u202eam\ud800 é"
    path = tmp_path / "report.json"
    report_json.write(made_up.report(submission=name), path)
    data = path.read_bytes()
    assert all(byte == 10 or 32 <= byte < 127 for byte in data)
    assert json.loads(data)["submission"] == name


def moved(report: model.Report) -> model.Report:
    """Return what the same grading gives at another time and place."""
    trace = report.traces[0]
    rows = [
        replace(
            row,
            finding=replace(
                row.finding,
                evidence=tuple(
                    replace(one, events=tuple(n + 3 for n in one.events))
                    for one in row.finding.evidence
                ),
            ),
        )
        for row in report.rows
    ]
    return replace(
        report, rows=tuple(rows), elapsed_s=7.25,
        traces=(replace(trace, trace_file="/else/1.jsonl", pcap_file=None),),
    )  # fmt: skip


def canonical(report: model.Report) -> bytes:
    return report_json.canonical(json.loads(report_json.dumps(report)))


def test_canonical_reports_of_two_runs_agree() -> None:
    report = made_up.report()
    assert report_json.dumps(report) != report_json.dumps(moved(report))
    assert canonical(report) == canonical(moved(report))


@pytest.mark.parametrize(
    "one, other",
    [
        ("10.0.0.2:40112 closed", "10.0.0.2:60998 closed"),
        ("it slept 0.31 s", "it slept 0.42 s"),
        ("after 12 ms", "after 7.5 ms"),
        ("pid 17 hangs", "pid 4711 hangs"),
        ("from ('10.0.0.2', 40112)", "from ('10.0.0.2', 60998)"),
        ("at 2026-11-21 12:01:16.5", "at 2026-12-01 09:41:02"),
        ("at 21/11/2026 12:01", "at 22/11/2026 13:59"),
        ("Sat Nov 21 12:01:16 2026", "Sun Nov 22 02:11:06 2026"),
        ("joined 12:01:16 PM", "joined 01:15:06 AM"),
        ("no file /tmp/run1/a/x.py", "no file /var/run2/x.py"),
    ],
)
def test_canonical_texts_forget_the_moment(one: str, other: str) -> None:
    first, second = (made_up.report(notes=(text,)) for text in (one, other))
    assert canonical(first) == canonical(second)


@pytest.mark.parametrize(
    "one, other",
    [
        ("port 10.0.0.1:12000", "port 10.0.0.1:12001"),
        ("X and/or Y", "X or Y"),
        ("2 of 4 runs", "3 of 4 runs"),
        ("src/server.py", "old/server.py"),
        ("server.c:12:15: no", "server.c:13:15: no"),
        ("the sum is 40112", "the sum is 40113"),
        ("http://a/b/c", "http://x/b/c"),
    ],
)
def test_canonical_texts_keep_what_differs(one: str, other: str) -> None:
    first, second = (made_up.report(notes=(text,)) for text in (one, other))
    assert canonical(first) != canonical(second)


def test_canonical_keeps_verdicts_points_and_scenarios() -> None:
    base = made_up.report()
    rows = list(base.rows)
    rows[0] = made_up.row("tcp", 5, Verdict.FAIL)
    for changed in (
        replace(base, rows=tuple(rows)),
        replace(base, rows=base.rows[1:]),
        replace(base, traces=()),
        replace(base, insights=()),
        replace(base, seed=8),
    ):
        assert canonical(changed) != canonical(base)


def test_canonical_forgets_the_figures_of_an_insight() -> None:
    report = made_up.report()
    insight = replace(report.insights[0], measured="in 1 of 9 rounds")
    measured = replace(report, insights=(insight,))
    assert report_json.dumps(measured) != report_json.dumps(report)
    assert canonical(measured) == canonical(report)


def test_canonical_forgets_an_insight_that_was_found_by_chance() -> None:
    report = made_up.report()
    found = model.Insight("race", "they are told different things", chance=True)
    lucky = replace(report, insights=(*report.insights, found))
    assert report_json.to_dict(lucky)["insights"][-1]["id"] == "race"
    assert canonical(lucky) == canonical(report)


def test_canonical_is_not_changed_by_the_order_in_which_runs_end() -> None:
    trace = made_up.report().traces[0]
    both = (trace, replace(trace, name="another"))
    first = made_up.report(traces=both)
    assert canonical(first) == canonical(made_up.report(traces=both[::-1]))


def test_canonical_leaves_the_report_as_it_was() -> None:
    found = report_json.to_dict(made_up.report())
    before = json.dumps(found)
    report_json.canonical(found)
    assert json.dumps(found) == before
