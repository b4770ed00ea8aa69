"""How does a grading look to a tool that knows tests?

JUnit XML, a testcase for each criterion, as GitLab, GitHub and Jenkins show it:

- `pass` is a test that passed;
- `fail` and `partial` are failures, of that type;
- `manual` is skipped: a person decides;
- `not-judged` is an error, which is JUnit's word for a test that could not
  find out, as against a failure of what is tested;
- a submission with nothing to run is one testcase that failed.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from pathlib import Path

from grader import model
from grader.model import Verdict
from grader.words import number, printable


def _safe(text: str) -> str:
    """XML 1.0 has no way to write a control character; show it instead."""
    return printable(text, keep="\n")


def dumps(report: model.Report) -> str:
    """Return the report as JUnit XML."""
    suite = ET.Element("testsuite", name=_safe("mngrade." + report.lab))
    suite.set("time", "%.3f" % report.elapsed_s)
    properties = ET.SubElement(suite, "properties")
    for name, value in (
        ("submission", report.submission),
        ("status", report.status),
        ("seed", str(report.seed)),
        ("backend", report.backend),
        ("topology", report.topology),
        ("points", number(report.points)),
        ("max_points", number(report.max_points)),
        ("pending_points", number(report.pending_points)),
        ("bonus_points", number(report.bonus_points)),
    ):
        ET.SubElement(properties, "property", name=name, value=_safe(value))
    for row in report.rows:
        _case(suite, report, row)
    if report.problem:
        _problem(suite, report)
    if report.insights:
        texts = ["%s: %s" % (one.id, one.text) for one in report.insights]
        ET.SubElement(suite, "system-out").text = _safe("\n".join(texts))
    _count(suite)
    suites = ET.Element("testsuites")
    suites.append(suite)
    text = ET.tostring(suites, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n"


def write(report: model.Report, path: Path) -> None:
    """Write the report to a file."""
    path.write_text(dumps(report), encoding="utf-8")


def _case(suite: ET.Element, report: model.Report, row: model.Row) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_safe("%s.%s" % (report.lab, report.submission)),
        name=_safe(row.criterion.id),
    )
    verdict, reason = row.finding.verdict, _safe(row.finding.reason)
    if verdict in (Verdict.FAIL, Verdict.PARTIAL):
        failure = ET.SubElement(case, "failure", type=verdict.value)
        failure.set("message", reason)
        failure.text = _safe(_details(row))
    elif verdict is Verdict.MANUAL:
        waiting = reason or "a person decides"
        ET.SubElement(case, "skipped", message=waiting)
    elif verdict is Verdict.NOT_JUDGED:
        error = ET.SubElement(case, "error", type=verdict.value)
        error.set("message", reason)


def _details(row: model.Row) -> str:
    """Return what a person needs who sees only this testcase."""
    finding = row.finding
    points = "points: %s of %s" % (
        number(row.points), number(row.criterion.points),
    )  # fmt: skip
    points += ", a bonus" if row.criterion.bonus else ""
    lines = [row.criterion.title, points]
    for name, text in (
        ("expected", finding.expected),
        ("seen", finding.seen),
        ("mend", row.finding.mend or row.criterion.hint),
    ):
        if text:
            lines.append("%s: %s" % (name, text))
    for place in finding.evidence:
        events = ", ".join(str(event) for event in place.events)
        which = ": events " + events if events else ""
        lines.append("in %s%s" % (place.scenario, which))
    return "\n".join(lines)


def _problem(suite: ET.Element, report: model.Report) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=_safe("%s.%s" % (report.lab, report.submission)),
        name="something-to-run",
    )
    failure = ET.SubElement(case, "failure", type=_safe(report.status))
    failure.set("message", _safe(report.problem))


def _count(suite: ET.Element) -> None:
    suite.set("tests", str(len(suite.findall("testcase"))))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    suite.set("skipped", str(len(suite.findall("testcase/skipped"))))
