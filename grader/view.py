"""Which parts of a report may this reader see?

An instructor sees everything. A student does not see what the rubric hides:
`hide: [expected, seen]` at a criterion, or at the top for all of them. Points
and verdicts are always told. What is hidden is taken out of the report itself,
so it is in no format of it. Nothing here knows a format.
"""

from __future__ import annotations

from dataclasses import replace
from typing import AbstractSet, Any, Dict

from grader.model import Finding, Report, Row
from grader.rubric import Rubric

STUDENT, INSTRUCTOR = "student", "instructor"
VIEWS = (STUDENT, INSTRUCTOR)

_EMPTY: Dict[str, Any] = {
    "reason": "", "expected": "", "seen": "", "notes": (), "evidence": (),
}  # fmt: skip


def of(report: Report, rubric: Rubric, view: str) -> Report:
    """Return what a reader with this view may see of a report."""
    if view == INSTRUCTOR:
        return report
    if view != STUDENT:
        raise ValueError("no view '%s'" % view)
    rows = tuple(_row(row, rubric) for row in report.rows)
    shown = replace(report, rows=rows)
    if "evidence" in rubric.hide or "scenarios" in rubric.hide:
        # An insight's evidence would tell what that of a row may not.
        bare = (replace(one, evidence=()) for one in report.insights)
        shown = replace(shown, insights=tuple(bare))
    if "scenarios" in rubric.hide:
        shown = replace(shown, traces=())
    if "insights" in rubric.hide:
        shown = replace(shown, insights=())
    if "programs" in rubric.hide:
        shown = replace(shown, programs=(), notes=())
    return shown


def _row(row: Row, rubric: Rubric) -> Row:
    hidden = rubric.hidden(row.criterion.id)
    if "scenarios" in hidden:
        hidden |= {"evidence"}
    criterion = row.criterion
    if "hint" in hidden:
        criterion = replace(criterion, hint="")
    return replace(
        row, criterion=criterion, finding=_finding(row.finding, hidden)
    )


def _finding(finding: Finding, hidden: AbstractSet[str]) -> Finding:
    gone = {part: _EMPTY[part] for part in hidden if part in _EMPTY}
    if "hint" in hidden:
        gone["mend"] = ""
    return replace(finding, **gone)
