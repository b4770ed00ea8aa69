"""How does Gradescope take the result of an autograder?

One `results.json` for each hand-in: a score, and a list of tests with score,
max_score, status, name, number, output, tags and visibility. A score at the
top takes the place of the sum of the tests. A row that waits for a person is
a test without a score, which Gradescope shows and does not count. Texts are
sent as `text`, so nothing that a program printed is taken for HTML.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any, Callable, Dict, List, Sequence, Set

from grader.export_sheet import Given, Options, hundredths, notes_on
from grader.export_sheet import points_to_give
from grader.gradebook_model import GradebookError, Mark, RowMark
from grader.words import number, printable

# The first moment that a ZIP archive can name: the same marks, the same file.
_LONG_AGO = (1980, 1, 1, 0, 0, 0)

Reports = Callable[[int], Dict[str, Any]]


def results(
    mark: Mark, report: Dict[str, Any], visibility: str = "visible"
) -> Dict[str, Any]:
    """What `results.json` says of one mark; `report` is its JSON report."""
    assert mark.points is not None
    return {
        "score": hundredths(mark.points),
        "execution_time": report.get("elapsed_s", 0),
        "output": "\n".join(_summary(mark)),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": visibility,
        "stdout_visibility": "hidden",
        "tests": [_test(row, at + 1) for at, row in enumerate(mark.rows)],
    }


def _summary(mark: Mark) -> List[str]:
    lines = [
        "%s of %s points" % (number(mark.points or 0), number(mark.max_points))
    ]
    if mark.waits:
        waiting = number(mark.pending_points)
        lines.append("%s points still wait for a person" % waiting)
    if mark.whole is not None:
        lines.append("decided by a person: " + _text(mark.whole.why))
    lines += [_text(one.text) for one in mark.comments if not one.criterion]
    return lines


def _test(row: RowMark, place: int) -> Dict[str, Any]:
    test: Dict[str, Any] = {
        "name": _text(row.title),
        "number": str(place),
        "output": _text(row.decision.why if row.decision else row.reason),
        "output_format": "text",
        "tags": [row.id, row.verdict.value] + (["bonus"] if row.bonus else []),
        "visibility": "visible",
    }
    if row.points is None:
        waiting = "a person gives up to %s points" % number(row.max_points)
        test["output"] = (waiting + "\n" + test["output"]).strip()
        return test
    test["score"] = hundredths(row.points)
    test["max_score"] = hundredths(row.max_points)
    test["status"] = "passed" if row.points >= row.max_points else "failed"
    return test


def _text(text: str) -> str:
    return printable(text, keep="\n")


def dumps_one(
    mark: Mark, reports: Reports, options: Options
) -> Given:
    """`results.json` of one hand-in."""
    if mark.grading is None or mark.points is None:
        raise GradebookError("%s is not graded" % mark.name)
    data = _json(results(mark, reports(mark.grading)))
    given = {mark.student.id: hundredths(mark.points)} if mark.student else {}
    return Given(data, given, tuple(notes_on([mark], options)))


def dumps(
    marks: Sequence[Mark], reports: Reports, options: Options
) -> Given:
    """A ZIP archive with `NAME/results.json` for each hand-in; of a team,
    only what holds for the one who comes first by name."""
    out = io.BytesIO()
    given = {}
    names: Set[str] = set()
    done: Set[int] = set()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for mark in marks:
            points = points_to_give(mark, options)
            if points is None or mark.submission is None or mark.grading is None:
                continue
            if mark.student is not None:
                given[mark.student.id] = points
            if mark.submission.number in done:
                continue
            done.add(mark.submission.number)
            name = _file_name(mark, names)
            entry = zipfile.ZipInfo(name + "/results.json", _LONG_AGO)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _json(results(mark, reports(mark.grading))))
    return Given(out.getvalue(), given, tuple(notes_on(marks, options)))


def _file_name(mark: Mark, names: Set[str]) -> str:
    """A name of its own for a folder of the archive."""
    assert mark.submission is not None
    bare = re.sub(r"[^\w.-]+", "_", mark.submission.name).strip("._") or "x"
    name = bare
    if name.casefold() in names:
        name = "%s-%d" % (bare, mark.submission.number)
    names.add(name.casefold())
    return name


def _json(value: Dict[str, Any]) -> bytes:
    text = json.dumps(value, indent=2, allow_nan=False)
    return text.encode("ascii") + b"\n"
