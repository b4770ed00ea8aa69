"""What are the words of a grading, as data?

Nothing here knows how a verdict comes about. Points are numbers as the rubric
writes them; an event number is the `n` of labrun's event stream.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional, Tuple

#: One event of labrun's stream (c_src/PROTOCOL.md), as decoded from JSON.
Event = Dict[str, Any]


class Verdict(enum.Enum):
    """What a criterion got."""

    PASS = "pass"
    PARTIAL = "partial"
    FAIL = "fail"
    MANUAL = "manual"  # a person decides
    NOT_JUDGED = "not-judged"  # we could not tell: costs nothing, is no pass


@dataclass(frozen=True)
class Evidence:
    """Places in one scenario's trace that a verdict rests on."""

    scenario: str
    events: Tuple[int, ...] = ()


@dataclass(frozen=True)
class Finding:
    """What a check found: a verdict without its points.

    `expected` and `seen` are shown to the student when points are lost;
    `notes` are remarks that cost nothing.
    """

    verdict: Verdict
    reason: str
    expected: str = ""
    seen: str = ""
    evidence: Tuple[Evidence, ...] = ()
    notes: Tuple[str, ...] = ()
    rescued: bool = False
    mend: str = ""  # how to mend it; the criterion's hint where it is empty


@dataclass(frozen=True)
class Insight:
    """Something worth telling the student that costs no points."""

    id: str
    text: str
    mend: str = ""
    evidence: Tuple[Evidence, ...] = ()
    measured: str = ""  # figures of this one grading: "in 3 of 9 rounds"
    chance: bool = False  # another grading of the same may not see it


@dataclass(frozen=True)
class Criterion:
    """One row of the rubric."""

    id: str
    points: float
    title: str
    manual: bool = False
    hint: str = ""
    partial: float = 0.5  # share of the points that a `partial` is worth
    rescued: float = 1.0  # share that a verdict found after a rescue is worth
    strict: bool = False
    bonus: bool = False  # its points come on top of the maximum


@dataclass(frozen=True)
class Row:
    """One criterion with what it got."""

    criterion: Criterion
    finding: Finding
    points: float


class Outcome(enum.Enum):
    """How a scenario's run ended."""

    FINISHED = "finished"  # the script came to its end
    STUCK = "stuck"  # the programs did not get as far as the script wanted
    HARNESS = "harness-fault"  # our fault: nothing may be concluded
    LEFT_OUT = "left-out"  # this machine cannot run it: it costs nothing


@dataclass(frozen=True)
class Program:
    """One executable of a submission: what to run, and why this one.

    `argv` is run in a private copy of the submission's folder, in the
    sub-folder `cwd` (relative, "." is the top).
    """

    role: str  # "server", "client", "client-x", ...
    argv: Tuple[str, ...]
    cwd: str = "."
    source: str = ""  # main source file, relative to the folder; "" if none
    language: str = ""  # "python", "c", "java", "node", "" (by command)
    why: str = ""  # one line: why this file was taken for this role


@dataclass(frozen=True)
class Report:
    """One grading, ready to be written in any format."""

    lab: str
    submission: str
    seed: int
    backend: str
    status: str  # "graded", "incomplete", "ungradable"
    rows: Tuple[Row, ...]
    insights: Tuple[Insight, ...] = ()
    traces: Tuple["ScenarioRecord", ...] = ()
    programs: Tuple[Program, ...] = ()
    notes: Tuple[str, ...] = ()  # what was chosen, built, left out, and why
    elapsed_s: float = 0.0
    problem: str = ""  # for "ungradable": what was looked for
    limits: Dict[str, Any] = field(default_factory=dict)  # and who watched
    topology: str = ""  # the shape of the network

    @property
    def left_out(self) -> Tuple[str, ...]:
        """The runs that were left out, in a sentence for each reason."""
        names: Dict[str, List[str]] = {}
        for record in self.traces:
            if record.outcome is Outcome.LEFT_OUT:
                names.setdefault(record.reason, []).append(record.name)
        return tuple(
            "left out, which costs nothing: %s: %s" % (", ".join(runs), why)
            for why, runs in names.items()
        )

    @property
    def points(self) -> float:
        """All that was earned; with a bonus it may exceed `max_points`."""
        return sum(row.points for row in self.rows)

    @property
    def max_points(self) -> float:
        """The points of a full mark; what is a bonus comes on top."""
        return sum(
            row.criterion.points
            for row in self.rows
            if not row.criterion.bonus
        )

    @property
    def bonus_points(self) -> float:
        """The part of `points` that is a bonus."""
        return sum(row.points for row in self.rows if row.criterion.bonus)

    @property
    def max_bonus_points(self) -> float:
        return sum(
            row.criterion.points for row in self.rows if row.criterion.bonus
        )

    @property
    def pending_points(self) -> float:
        """The part of `max_points` that waits for a person."""
        return sum(
            row.criterion.points
            for row in self.rows
            if row.finding.verdict is Verdict.MANUAL
            and not row.criterion.bonus
        )


@dataclass(frozen=True)
class ScenarioRecord:
    """One run: its name, how it ended, and everything that was seen.

    `marks` name events for people ("X's message reached the server");
    `facts` are what the scenario's script learned and passes to the checks.
    """

    name: str
    outcome: Outcome
    reason: str = ""
    events: Tuple[Event, ...] = ()
    facts: Dict[str, Any] = field(default_factory=dict)
    marks: Dict[int, str] = field(default_factory=dict)
    trace_file: Optional[str] = None
    pcap_file: Optional[str] = None
