"""Which limits did programs reach, and what do rows owe to that?

A program that used more than it may was ended. Verdicts stay what the
evidence supports; a row that lost points in such a run is told why.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Dict, List, Sequence, Tuple

from grader.api import Traces
from grader.bounds import words
from grader.model import Evidence, Insight, Row, Verdict
from grader.trace import Trace

_LOST = (Verdict.FAIL, Verdict.PARTIAL, Verdict.NOT_JUDGED)
_MEND = (
    "Look for what grows without end: a loop that never waits, data that is"
    " kept and never let go, threads or processes that are started again and"
    " again."
)


def insights(traces: Traces) -> Tuple[Insight, ...]:
    """One for each limit that was reached, and by whom."""
    places: Dict[str, List[Evidence]] = {}
    for trace in traces:
        for told, n in _reached(trace):
            places.setdefault(told, []).append(trace.evidence(n))
    return tuple(
        Insight("limit", told, _MEND, tuple(where))
        for told, where in sorted(places.items())
    )


def explained(rows: Sequence[Row], traces: Traces) -> Tuple[Row, ...]:
    """The rows; where a limit was reached in a run that one rests on, it
    says so."""
    by_run = {trace.name: [told for told, _ in _reached(trace)] for trace in traces}
    if not any(by_run.values()):
        return tuple(rows)
    return tuple(_explained(row, by_run) for row in rows)


def _explained(row: Row, by_run: Dict[str, List[str]]) -> Row:
    finding = row.finding
    if finding.verdict not in _LOST:
        return row
    runs = {place.scenario for place in finding.evidence} or set(by_run)
    told = sorted({one for run in runs for one in by_run.get(run, [])})
    told = [one for one in told if one not in finding.reason]
    if not told:
        return row
    reason = "%s (%s)" % (finding.reason, "; ".join(told))
    return replace(row, finding=replace(finding, reason=reason))


def _reached(trace: Trace) -> List[Tuple[str, int]]:
    """ "memory limit of 256 MiB reached by the server", and the event."""
    found = []
    programs = trace.facts.get("programs", {})
    for event in trace.events:
        if event["ev"] == "limit":
            told = words(event)
        elif event["ev"] == "output-capped":
            kib = int(event["bytes"]) // 1024
            told = words({"what": "output", "limit": kib, "unit": "KiB"})
        else:
            continue
        name = event["program"]
        about = programs.get(name, {})
        if about.get("peer"):
            continue  # ours
        found.append(("%s reached by %s" % (told, _called(name, about)), event["n"]))
    return found


def _called(name: str, about: Dict[str, object]) -> str:
    role = str(about.get("role", ""))
    if name == "server":
        return "the server"
    return "the %s on %s" % (role.partition("-")[0], name) if role else name
