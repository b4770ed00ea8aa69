"""What did the last save change?

`mngrade watch LAB PATH` grades at every save. The first time it shows the
table; after that only what is different: the points, the criteria whose
verdict changed, what was expected and seen for those that are newly lost.
"""

from __future__ import annotations

import time
from typing import Callable, List, Optional, Sequence, Tuple

from grader import archive, sandbox, words
from grader.changes import Changes
from grader.grade import Order, grade
from grader.model import Insight, Report, Row, Verdict
from grader.words import Style, number

Show = Callable[[str], None]

_TONES = {
    Verdict.PASS: "good",
    Verdict.PARTIAL: "half",
    Verdict.FAIL: "bad",
    Verdict.MANUAL: "person",
    Verdict.NOT_JUDGED: "unknown",
}
_LOST = (Verdict.FAIL, Verdict.PARTIAL)
_MOST = 2000  # letters of one text; four lines of it are shown


def watch(order: Order, style: Style, show: Show) -> None:
    """Grade at every save, until somebody stops it with Ctrl-C."""
    before: Optional[Report] = None
    try:
        with Changes(order.paths[0].absolute()) as changes:
            while True:
                report, text = _grade_once(order, before, style)
                show(text)
                before = report or before
                if not changes.look():
                    changes.wait()
    except KeyboardInterrupt:
        show("\n")


def _grade_once(
    order: Order, before: Optional[Report], style: Style
) -> Tuple[Optional[Report], str]:
    """The report, if there is one, and what to show."""
    stamp = time.strftime("%H:%M:%S")
    try:
        report = grade(order)
    except (archive.SubmissionError, sandbox.SandboxError, OSError) as error:
        why = "could not be graded: %s" % error
        return None, "%s  %s\n" % (stamp, style.inert(why))
    lines = first(report, style) if before is None else changed(
        before, report, style
    )  # fmt: skip
    return report, "\n".join(["%s  %s" % (stamp, lines[0])] + lines[1:]) + "\n"


def first(report: Report, style: Style) -> List[str]:
    """The table, and what to do about each loss."""
    lines = [_score(report), ""]
    most = max((len(row.criterion.id) for row in report.rows), default=0)
    for row in report.rows:
        lines.append(
            "  %s %9s  %s"
            % (
                style.paint(
                    words.pad(row.finding.verdict.value, 10),
                    _TONES[row.finding.verdict],
                ),
                "%s/%s" % (number(row.points), number(row.criterion.points)),
                style.drawn(words.shorten(
                    words.pad(row.criterion.id, most) + "  "
                    + style.inert(row.criterion.title),
                    style.width - 24,
                )),
            )
        )
    for row in report.rows:
        lines += _why(row, style, row.criterion.id) if _told(row) else []
    lines += _gone_and_come((), report.insights, style)
    return lines + _problem(report, style)


def changed(before: Report, after: Report, style: Style) -> List[str]:
    """Only what is different; one line where nothing is."""
    old = {row.criterion.id: row for row in before.rows}
    lines: List[str] = []
    for row in after.rows:
        was = old.get(row.criterion.id)
        if was is None or not _same(was, row):
            lines += _change(was, row, style)
    lines += _gone_and_come(before.insights, after.insights, style)
    if after.problem != before.problem:
        lines += _problem(after, style)
    if not lines:
        return ["no change: " + _score(after)]
    return ["%s -> %s" % (number(before.points), _score(after))] + lines


def _same(was: Row, row: Row) -> bool:
    """What was seen may differ in every run; the reason may not."""
    return (was.points, was.finding.verdict, was.finding.reason) == (
        row.points, row.finding.verdict, row.finding.reason,
    )  # fmt: skip


def _change(was: Optional[Row], row: Row, style: Style) -> List[str]:
    verdict = row.finding.verdict
    text = style.paint(verdict.value, _TONES[verdict])
    if was is not None and was.finding.verdict is not verdict:
        text = "%s -> %s" % (was.finding.verdict.value, text)
    if was is not None and was.points != row.points:
        text += "  %s -> %s points" % (number(was.points), number(row.points))
    head = "%s  %s" % (row.criterion.id, text)
    if _told(row):
        return _why(row, style, head)
    return ["  " + head]


def _told(row: Row) -> bool:
    return row.finding.verdict in _LOST + (Verdict.NOT_JUDGED,)


def _why(row: Row, style: Style, head: str) -> List[str]:
    """Why points are lost: what was expected, what was seen, how to mend."""
    finding = row.finding
    lines = ["", "  " + head] if head == row.criterion.id else ["  " + head]
    told = [("", finding.reason)]
    if finding.verdict in _LOST:
        told += [("expected  ", finding.expected), ("seen      ", finding.seen)]
        told += [("to mend   ", finding.mend or row.criterion.hint)]
    for label, text in told:
        if not text:
            continue
        room = style.width - 6 - len(label)
        for at, line in enumerate(words.wrap(style.inert(text[:_MOST]), room)[:4]):
            lines.append("      " + (label if not at else " " * len(label)) + line)
    return lines


def _gone_and_come(
    old: Sequence[Insight], new: Sequence[Insight], style: Style
) -> List[str]:
    known, now = {i.id for i in old}, {i.id for i in new}
    lines = [
        "  no longer: %s" % style.inert(one.id) for one in old if one.id not in now
    ]
    for one in new:
        if one.id not in known:
            text = style.inert("worth knowing: %s (%s)" % (one.text, one.id))
            lines += ["  " + line for line in words.wrap(text, style.width - 2)]
    return lines


def _problem(report: Report, style: Style) -> List[str]:
    if not report.problem:
        return []
    return ["  " + line for line in words.wrap(
        style.inert(report.problem), style.width - 2)]  # fmt: skip


def _score(report: Report) -> str:
    text = "%s of %s points" % (
        number(report.points), number(report.max_points - report.pending_points),
    )  # fmt: skip
    if report.status != "graded":
        text += ", " + report.status
    return "%s (%.2f s)" % (text, report.elapsed_s)
