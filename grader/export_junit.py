"""How do the marks of a class look to a tool that knows tests?

One JUnit test suite for each hand-in, as grader/report_junit.py writes it,
with what persons decided on top: a row that was decided is a pass or a
failure with the person's reason, and an override of the whole is a property.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from typing import Any, Callable, Dict, List, Sequence, Tuple

from grader import model, report_junit
from grader.export_sheet import Given, Options, hundredths, notes_on
from grader.gradebook_model import Mark, RowMark
from grader.words import number, printable

Reports = Callable[[int], Dict[str, Any]]


def dumps(marks: Sequence[Mark], reports: Reports, options: Options) -> Given:
    """All graded hand-ins; a team's is there for each of its students."""
    suites = ET.Element("testsuites")
    given = {}
    for mark in marks:
        if mark.grading is None or mark.points is None:
            continue
        suites.append(_suite(mark, reports(mark.grading)))
        if mark.student is not None:
            given[mark.student.id] = hundredths(mark.points)
    text = ET.tostring(suites, encoding="unicode")
    data = '<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n"
    return Given(
        data.encode("utf-8"), given,
        tuple(notes_on(marks, Options(everything=True))),
    )  # fmt: skip


def _suite(mark: Mark, report: Dict[str, Any]) -> ET.Element:
    suite = ET.fromstring(
        report_junit.dumps(with_decisions(mark, report))
    ).find("testsuite")
    assert suite is not None
    suite.set("name", "%s.%s" % (suite.get("name"), _safe(mark.name)))
    properties = suite.find("properties")
    assert properties is not None
    told = [("mark", number(mark.points or 0))]
    if mark.student is not None:
        told.append(("student", mark.student.id))
    if mark.whole is not None:
        told.append(("overridden_by", mark.whole.who))
        told.append(("overridden_because", mark.whole.why))
    for name, value in told:
        ET.SubElement(properties, "property", name=name, value=_safe(value))
    return suite


def _safe(text: str) -> str:
    return printable(text, keep="\n")


def with_decisions(mark: Mark, report: Dict[str, Any]) -> model.Report:
    """The report of a mark, with the rows as they count now."""
    told = {row["id"]: row for row in report["criteria"]}
    return model.Report(
        lab=report["lab"],
        submission=mark.submission.name if mark.submission else "",
        seed=report["seed"],
        backend=report["backend"],
        status=report["status"],
        rows=tuple(_row(row, told[row.id]) for row in mark.rows),
        insights=tuple(
            model.Insight(one["id"], one["text"], one.get("mend", ""))
            for one in report.get("insights", ())
        ),
        elapsed_s=report.get("elapsed_s", 0.0),
        problem=report.get("problem", ""),
    )


def _row(row: RowMark, told: Dict[str, Any]) -> model.Row:
    criterion = model.Criterion(
        row.id, row.max_points, row.title, bonus=row.bonus
    )
    verdict, reason = row.verdict, row.reason
    notes: List[str] = list(told.get("notes", ()))
    if row.decision is not None:
        verdict = _verdict(row.decision.points, row.max_points)
        reason = "%s decided: %s" % (row.decision.who, row.decision.why)
    evidence: Tuple[model.Evidence, ...] = tuple(
        model.Evidence(place["scenario"], tuple(place["events"]))
        for place in told.get("evidence", ())
    )
    finding = model.Finding(
        verdict, reason, told.get("expected", ""), told.get("seen", ""),
        evidence, tuple(notes), bool(told.get("rescued")),
        told.get("hint", ""),
    )  # fmt: skip
    return model.Row(criterion, finding, row.points or 0.0)


def _verdict(points: float, most: float) -> model.Verdict:
    if points >= most:
        return model.Verdict.PASS
    return model.Verdict.PARTIAL if points > 0 else model.Verdict.FAIL
