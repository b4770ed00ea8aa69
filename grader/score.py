"""What is each row of the rubric worth?

Checks find verdicts; here they become points. A check that fails itself, or
that would have had to judge runs in which the harness failed, gives
`not-judged`: a fault of ours is never a student's zero, and never a pass.
"""

from __future__ import annotations

import logging
import traceback
from dataclasses import replace
from typing import List, Sequence, Tuple

from grader.api import Traces
from grader.lab import Lab
from grader.model import (
    Criterion,
    Finding,
    Insight,
    Outcome,
    Row,
    ScenarioRecord,
    Verdict,
)

_LOG = logging.getLogger("mngrade")


def judge(
    lab: Lab, traces: Traces, only: Sequence[str] = ()
) -> Tuple[Row, ...]:
    """A row for each criterion, or for those in `only`."""
    broken = [
        t.record for t in traces if t.record.outcome is Outcome.HARNESS
    ]
    rows = []
    for criterion in lab.rubric.criteria:
        if only and criterion.id not in only:
            continue
        finding = _finding(lab, criterion, traces, broken)
        rows.append(Row(criterion, finding, points(criterion, finding)))
    return tuple(rows)


def without_runs(rows: Sequence[Row]) -> Tuple[Row, ...]:
    """The rows of a submission that could not be run: a check that finds
    nothing wrong in no runs at all has not found anything right."""
    nothing = Finding(Verdict.NOT_JUDGED, "nothing could be run")
    won = (Verdict.PASS, Verdict.PARTIAL)
    return tuple(
        Row(row.criterion, nothing, 0) if row.finding.verdict in won else row
        for row in rows
    )


def points(criterion: Criterion, finding: Finding) -> float:
    """The points of a finding under the rubric's rules."""
    share = {Verdict.PASS: 1.0, Verdict.PARTIAL: criterion.partial}.get(
        finding.verdict, 0.0
    )
    if finding.rescued:
        share *= criterion.rescued
    return criterion.points * share


def insights(lab: Lab, traces: Traces) -> Tuple[Insight, ...]:
    """What else is worth telling. One that fails is left out, and logged.

    A run in which the harness failed tells nothing.
    """
    found: List[Insight] = []
    sound = traces.without_faults()
    for function in lab.insights:
        try:
            found.extend(i for i in function(sound) if isinstance(i, Insight))
        except Exception as error:  # pylint: disable=broad-except
            log_failure("an insight", error)
    return tuple(found)


def log_failure(what: str, error: Exception) -> None:
    """A mistake in a lab's code that costs nobody a point."""
    _LOG.warning(
        "%s failed: %s: %s (%s)", what, type(error).__name__, error,
        _place(error),
    )  # fmt: skip
    _LOG.debug("", exc_info=error)


def status(rows: Sequence[Row]) -> str:
    """`graded`, or `incomplete` where something was not judged."""
    if any(row.finding.verdict is Verdict.NOT_JUDGED for row in rows):
        return "incomplete"
    return "graded"


def _finding(
    lab: Lab,
    criterion: Criterion,
    traces: Traces,
    broken: Sequence[ScenarioRecord],
) -> Finding:
    if criterion.manual:
        return _laid_out(lab, criterion, traces)
    if broken:
        return _not_judged(broken)
    try:
        finding: object = lab.checks[criterion.id](traces)
        if not isinstance(finding, Finding):
            raise TypeError("it returned %r, and no finding" % (finding,))
        return finding
    except Exception as error:  # pylint: disable=broad-except
        _LOG.debug("check %s:\n%s", criterion.id, traceback.format_exc())
        return Finding(
            Verdict.NOT_JUDGED,
            "the check itself failed: %s: %s (%s)"
            % (type(error).__name__, error, _place(error)),
        )


def _laid_out(lab: Lab, criterion: Criterion, traces: Traces) -> Finding:
    """A person decides; the lab's check, if any, lays out what helps."""
    try:
        if criterion.id in lab.checks:
            found = lab.checks[criterion.id](traces)
            return replace(found, verdict=Verdict.MANUAL)
    except Exception as error:  # pylint: disable=broad-except
        log_failure("laying out " + criterion.id, error)
    return Finding(Verdict.MANUAL, "a person decides")


def _place(error: Exception) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1]
    return "%s:%s" % (last.filename.rpartition("/")[2], last.lineno)


def _not_judged(broken: Sequence[ScenarioRecord]) -> Finding:
    """The last line of a fault says what it was; the log has all of it."""
    for record in broken:
        _LOG.info("%s: %s", record.name, record.reason)
    told = sorted({r.reason.strip().split("\n")[-1] for r in broken})
    return Finding(
        Verdict.NOT_JUDGED,
        "the harness failed in %d of the runs: %s"
        % (len(broken), "; ".join(told)),
    )


def rescued_notes(rows: Sequence[Row]) -> List[str]:
    """One line for what was judged with a peer in a program's place."""
    ids = [row.criterion.id for row in rows if row.finding.rescued]
    if not ids:
        return []
    return ["judged with a peer in the other program's place: " + ", ".join(ids)]
