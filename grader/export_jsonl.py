"""How does a script read the marks, with all that they rest on?

One JSON object a line, one line a mark: the student, the hand-in, the points,
each criterion with verdict and decision, comments, and the basis of the
grading. Only ASCII, so that nothing in it can act on a terminal.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Callable, Dict, List, Optional, Sequence

from grader.export_sheet import Given, Options, hundredths, notes_on
from grader.gradebook_model import Decision, Grading, Mark, RowMark
from grader.report_json import as_text

SCHEMA = "mngrade/mark/1"

Gradings = Callable[[int], List[Grading]]


def dumps(marks: Sequence[Mark], gradings: Gradings, options: Options) -> Given:
    """All marks, final or not; `final` says which."""
    lines = [
        as_text(to_dict(mark, _basis(mark, gradings)), indent=None)
        for mark in marks
    ]
    given = {
        mark.student.id: hundredths(mark.points)
        for mark in marks
        if mark.student is not None and mark.points is not None
    }
    data = "".join(line + "\n" for line in lines).encode("ascii")
    notes = notes_on(marks, Options(everything=True))
    return Given(data, given, tuple(notes))


def _basis(mark: Mark, gradings: Gradings) -> Optional[Grading]:
    if mark.submission is None or mark.grading is None:
        return None
    return gradings(mark.submission.number)[-1]


def to_dict(mark: Mark, grading: Optional[Grading] = None) -> Dict[str, Any]:
    """One mark as data."""
    return {
        "schema": SCHEMA,
        "student": asdict(mark.student) if mark.student else None,
        "submission": asdict(mark.submission) if mark.submission else None,
        "points": mark.points,
        "max_points": mark.max_points,
        "pending_points": mark.pending_points,
        "final": mark.final,
        "status": mark.status,
        "override": _decision(mark.whole),
        "criteria": [_row(row) for row in mark.rows],
        "comments": [asdict(one) for one in mark.comments],
        "stale": list(mark.stale),
        "notes": list(mark.notes),
        "grading": _grading(grading),
    }


def _row(row: RowMark) -> Dict[str, Any]:
    return {
        "id": row.id, "title": row.title, "verdict": row.verdict.value,
        "judged": row.judged, "points": row.points,
        "max_points": row.max_points, "bonus": row.bonus,
        "reason": row.reason, "decision": _decision(row.decision),
    }  # fmt: skip


def _decision(one: Optional[Decision]) -> Optional[Dict[str, Any]]:
    return asdict(one) if one is not None else None


def _grading(one: Optional[Grading]) -> Optional[Dict[str, Any]]:
    if one is None:
        return None
    told = asdict(one)
    told["basis"]["machine"] = json.loads(one.basis.machine)
    return told
