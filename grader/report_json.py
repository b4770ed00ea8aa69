"""What does a program read that wants to know how a grading went?

The JSON report is a contract: the keys of "mngrade/report/1" keep their names,
new ones may come. `canonical` is the same report without what may differ
from one run to the next, so that two gradings of one submission with one seed
can be compared byte for byte.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Dict, Sequence, Union

from grader import model, transcript

SCHEMA = "mngrade/report/1"


def to_dict(report: model.Report) -> Dict[str, Any]:
    """Return the report as it is written in JSON."""
    return {
        "schema": SCHEMA,
        "lab": report.lab,
        "submission": report.submission,
        "seed": report.seed,
        "backend": report.backend,
        "topology": report.topology,
        "status": report.status,
        "problem": report.problem,
        "points": _whole(report.points),
        "max_points": _whole(report.max_points),
        "pending_points": _whole(report.pending_points),
        "bonus_points": _whole(report.bonus_points),
        "max_bonus_points": _whole(report.max_bonus_points),
        "elapsed_s": round(report.elapsed_s, 3),
        "criteria": [_criterion(row) for row in report.rows],
        "insights": [
            {
                "id": insight.id,
                "text": insight.text,
                "mend": insight.mend,
                "measured": insight.measured,
                "chance": insight.chance,
                "evidence": _evidence(insight.evidence),
            }
            for insight in report.insights
        ],
        "scenarios": [_scenario(record) for record in report.traces],
        "programs": [_program(program) for program in report.programs],
        "notes": list(report.notes),
        "limits": dict(report.limits),
    }


def dumps(report: model.Report) -> str:
    """Return the report as JSON.

    Only ASCII, so that nothing in it can act on a terminal, and a text that
    was no UTF-8 survives.
    """
    return as_text(to_dict(report)) + "\n"


def as_text(document: Any, **form: Any) -> str:
    """Return a document as JSON in which nothing acts, DEL included."""
    how: Dict[str, Any] = {"allow_nan": False, "indent": 2, **form}
    text = json.dumps(document, **how)
    return text.replace("\x7f", "\\u007f")


def write(report: model.Report, path: Path) -> None:
    """Write the report to a file."""
    path.write_text(dumps(report), encoding="ascii")


def _whole(value: float) -> Union[int, float]:
    """70 for 70.0; anything else without the noise of binary fractions."""
    rounded = round(value, 6)
    return int(rounded) if rounded == int(rounded) else rounded


def _criterion(row: model.Row) -> Dict[str, Any]:
    finding = row.finding
    return {
        "id": row.criterion.id,
        "title": row.criterion.title,
        "points": _whole(row.points),
        "max_points": _whole(row.criterion.points),
        "bonus": row.criterion.bonus,
        "verdict": finding.verdict.value,
        "reason": finding.reason,
        "expected": finding.expected,
        "seen": finding.seen,
        "hint": row.finding.mend or row.criterion.hint,
        "rescued": finding.rescued,
        "notes": list(finding.notes),
        "evidence": _evidence(finding.evidence),
    }


def _evidence(places: Sequence[model.Evidence]) -> Any:
    return [
        {"scenario": place.scenario, "events": list(place.events)}
        for place in places
    ]


def _scenario(record: model.ScenarioRecord) -> Dict[str, Any]:
    return {
        "name": record.name,
        "outcome": record.outcome.value,
        "reason": record.reason,
        "trace": record.trace_file,
        "pcap": record.pcap_file,
    }


def _program(program: model.Program) -> Dict[str, Any]:
    return {
        "role": program.role,
        "argv": list(program.argv),
        "cwd": program.cwd,
        "source": program.source,
        "language": program.language,
        "why": program.why,
    }


# ---- the canonical report -------------------------------------------------

# Left out whole. Events are numbered together with the segments that TCP sends
# by itself, delayed acknowledgements among them, so their numbers are not
# stable; the scenario that the evidence is in is.
_PASSING = ("limits", "elapsed_s", "t", "trace", "pcap", "events", "measured")

# Replaced inside of texts: what a reason may quote of this one run.
_MOMENTS = (
    # a port that the kernel picked: 10.0.0.2:40000, ('10.0.0.2', 40000)
    (re.compile(r"(?<=[\d\]'])(?::|, )(3276[89]|327[7-9]\d|32[89]\d\d|3[3-9]\d{3}"
                r"|[45]\d{4}|6[0-5]\d{3})\b"), ":PORT"),
    (re.compile(r"\b\d+(\.\d+)? ?(ms|s|seconds?)\b"), "TIME"),
    (re.compile(r"\bpid \d+"), "pid PID"),
    # a date, a clock: 2026-11-21 12:01:16.123, Sat Nov 21 12:01:16 2026
    (re.compile(r"\b(\d{4}[-/.]\d\d?[-/.]\d\d?|\d\d?[-/.]\d\d?[-/.]\d{4})\b"), "DATE"),
    (re.compile(r"\b((Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? )?(Jan|Feb|Mar|Apr|May|Jun"
                r"|Jul|Aug|Sep|Oct|Nov|Dec)\w* +\d\d?(,? \d{4})?\b"), "DATE"),
    (re.compile(r"(?<![\d.:])\d\d?:[0-5]\d(:[0-5]\d([.,]\d+)?)?(?![\d:])"
                r"( ?[AaPp]\.?[Mm]\b)?"), "CLOCK"),
    # a folder that was made for this run: /tmp/run7/server.py
    (re.compile(r"(?<![\w/:.])/(?:[^\s/'\"]+/)+"), ""),
)  # fmt: skip


def with_transcripts(report: model.Report) -> Dict[str, Any]:
    """Return the report with the transcript of each run, for `canonical`."""
    whole = to_dict(report)
    for scenario, record in zip(whole["scenarios"], report.traces):
        scenario["transcript"] = transcript.of_record(record)
    return whole


def canonical(report: Dict[str, Any]) -> bytes:
    """Return a JSON report in the form that two gradings must agree on.

    Without times, the traces' file names and numbers of events; in texts,
    ports that the kernel picked, times, process numbers and folders are
    replaced. Keys are sorted, and scenarios by their name, because runs that
    go on side by side end in any order.
    """
    kept = _without_passing(report)
    # What a hunt for races finds is real, and found by chance.
    kept["insights"] = [
        one for one in kept.get("insights", []) if not one.get("chance")
    ]
    # What one machine left out another one may run; it is worth nothing.
    kept["scenarios"] = sorted(
        (
            one
            for one in kept.get("scenarios", [])
            if one.get("outcome") != model.Outcome.LEFT_OUT.value
        ),
        key=lambda one: json.dumps(one, sort_keys=True),
    )
    text = as_text(kept, sort_keys=True, indent=1)
    return text.encode("ascii") + b"\n"


def _without_passing(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _without_passing(item)
            for key, item in value.items()
            if key not in _PASSING
        }
    if isinstance(value, (list, tuple)):
        return [_without_passing(item) for item in value]
    if isinstance(value, str):
        for pattern, instead in _MOMENTS:
            value = pattern.sub(instead, value)
    return value
