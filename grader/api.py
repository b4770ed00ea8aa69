"""What may a lab use?

Everything that a lab's scenarios.py needs comes from here, and nothing else
of the grader is promised to stay as it is.

    @scenario(first=("h2", "h3"), names={"first": "{} first"})
    def greet(run, first): ...         one run for each value (or pair, ...)

    @check("criterion-id")
    def judge(traces): return passed("why", trace.evidence(n))

    @insight
    def spins(traces): yield Insight(...)

A scenario is run on a network of its own. A check gets all traces; it may be
called when some are missing or stuck, and says with `not_judged` that it
cannot tell. An exception in a check is `not-judged` too, with its text.
"""

from __future__ import annotations

import copy
import itertools
from dataclasses import dataclass, field
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from grader.ends import End, before_crash
from grader.layout import SourceFile, leading_comment, source_of
from grader.links import Link, Wanted
from grader.menus import TO_HEAR, TO_SEND, Wish
from grader.model import (
    Evidence,
    Finding,
    Insight,
    Outcome,
    Program,
    Verdict,
)
from grader.prompts import (
    CONFIRM,
    COUNT,
    ENTER,
    HOST,
    NAME,
    NUMBER,
    OTHER,
    PORT,
    kind_of,
)
from grader.race_report import Access, DataRace, data_races
from grader.race_variants import Variant
from grader.rubric import Rubric
from grader.run import Handle, Run, Stuck
from grader.state import Socket, State
from grader.text import decode, plain, shown
from grader.trace import Connection, Stream, Trace

__all__ = [
    "Access",
    "CONFIRM",
    "COUNT",
    "Connection",
    "DataRace",
    "ENTER",
    "End",
    "Evidence",
    "Finding",
    "HOST",
    "Handle",
    "Insight",
    "Link",
    "NAME",
    "NUMBER",
    "OTHER",
    "PORT",
    "Program",
    "Run",
    "Socket",
    "SourceFile",
    "State",
    "Stream",
    "Stuck",
    "TO_HEAR",
    "TO_SEND",
    "Trace",
    "Traces",
    "Variant",
    "Verdict",
    "Wish",
    "before_crash",
    "check",
    "data_races",
    "decode",
    "failed",
    "insight",
    "kind_of",
    "leading_comment",
    "learn",
    "manual",
    "missing",
    "not_judged",
    "partial",
    "passed",
    "plain",
    "scenario",
    "shown",
]

Script = Callable[..., None]
Check = Callable[["Traces"], Finding]
Condition = Callable[["Traces"], bool]
InsightCheck = Callable[["Traces"], Iterable[Insight]]
Learner = Callable[["Traces"], Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """One scenario with its values: one run."""

    name: str  # "exchange[h2 first, Y sends first]"
    script: Script
    values: Mapping[str, Any]
    needs: Tuple[str, ...]  # roles that the submission must have
    when: Optional[Condition]  # run only where the first traces say so
    spare: bool = False  # no verdict rests on it
    #: The links that are no plain cables: conditions, or a name for them.
    links: Wanted = field(default_factory=dict)
    on_request: bool = False  # only where it is asked for: --links


@dataclass
class Registry:
    """What a lab's scenarios.py declared."""

    cases: List[Case]
    checks: Dict[str, Check]
    insights: List[InsightCheck]
    learners: List[Learner]


class Traces:
    """The traces of one submission, as checks see them."""

    def __init__(
        self,
        traces: Sequence[Trace],
        rubric: Rubric,
        programs: Sequence[Program] = (),
        failures: Optional[Mapping[str, str]] = None,
        sources: Sequence[SourceFile] = (),
        warnings: Sequence[str] = (),
        unavailable: Optional[Mapping[str, str]] = None,
    ) -> None:
        self._traces = tuple(traces)
        self.rubric = rubric
        self.programs = tuple(programs)
        self.failures = dict(failures or {})  # role -> why it did not build
        # role -> why this machine cannot run it: never the student's fault
        self.unavailable = dict(unavailable or {})
        self.sources = tuple(sources)
        self.warnings = tuple(warnings)  # of compilers and linters

    def __iter__(self) -> Iterator[Trace]:
        return iter(self._traces)

    def without_faults(self) -> "Traces":
        """The same without the runs in which the harness failed."""
        sound = copy.copy(self)
        sound._traces = tuple(
            t for t in self if t.record.outcome is not Outcome.HARNESS
        )
        return sound

    def of(self, script: str) -> Tuple[Trace, ...]:
        """The traces of the scenario function with this name."""
        return tuple(
            t for t in self._traces if t.name.split("[")[0] == script
        )

    def source_of(self, role: str) -> Optional[SourceFile]:
        """The main source of the program for this role."""
        for program in self.programs:
            if program.role == role or program.role.startswith(role + "-"):
                return source_of(program, self.sources)
        return None

    def has(self, role: str) -> bool:
        """Whether there is a program for this role (and not just a hope)."""
        return any(
            p.role == role or p.role.startswith(role + "-")
            for p in self.programs
        )


_open: List[Registry] = []


def opened() -> Registry:
    """The registry of the lab that is being loaded."""
    if not _open:
        raise RuntimeError("scenarios are declared while a lab is loaded")
    return _open[-1]


def open_registry() -> Registry:
    """Begin to load a lab; the declarations that follow belong to it."""
    registry = Registry([], {}, [], [])
    _open.append(registry)
    return registry


def close_registry() -> None:
    _open.pop()


def scenario(
    needs: Sequence[str] = ("server", "client"),
    when: Optional[Condition] = None,
    names: Optional[Mapping[str, str]] = None,
    spare: bool = False,
    links: Optional[Wanted] = None,
    on_request: bool = False,
    **values: Sequence[Any]
) -> Callable[[Script], Script]:
    """Declare a script; it is run once for each combination of `values`.

    `names` has a format for a value as the run's name tells it. `when` is
    asked after the runs without a condition are over. `spare`: no verdict
    rests on it, so that none is lost where the harness fails in it. `links`
    has conditions for a host's link, {"h2": Link(delay_ms=300)}, or their
    name in the rubric, {"h2": "far"}; where the kernel cannot make them, the
    run is left out. `on_request`: only `--links` makes this run.
    """

    def declare(script: Script) -> Script:
        for combination in itertools.product(*values.values()):
            chosen = dict(zip(values, combination))
            told = [
                (names or {}).get(key, key + "={}").format(value)
                for key, value in chosen.items()
            ]
            name = script.__name__ + ("[%s]" % ", ".join(told) if told else "")
            opened().cases.append(
                Case(
                    name, script, chosen, tuple(needs), when, spare,
                    links or {}, on_request,
                )  # fmt: skip
            )
        return script

    return declare


def check(criterion: str) -> Callable[[Check], Check]:
    """Declare how the criterion with this id is judged."""

    def declare(function: Check) -> Check:
        if criterion in opened().checks:
            raise ValueError("two checks for criterion '%s'" % criterion)
        opened().checks[criterion] = function
        return function

    return declare


def insight(function: InsightCheck) -> InsightCheck:
    """Declare a function that yields insights."""
    opened().insights.append(function)
    return function


def learn(function: Learner) -> Learner:
    """Declare what runs with a condition get to know from the first runs.

    The function returns a dictionary of what JSON can hold; a script finds
    it as `run.known`.
    """
    opened().learners.append(function)
    return function


def passed(reason: str, *evidence: Evidence, notes: Sequence[str] = ()) -> Finding:
    return Finding(
        Verdict.PASS, reason, evidence=tuple(evidence), notes=tuple(notes)
    )


def partial(
    reason: str,
    *evidence: Evidence,
    expected: str = "",
    seen: str = "",
    mend: str = ""
) -> Finding:
    return Finding(
        Verdict.PARTIAL, reason, expected, seen, tuple(evidence), mend=mend
    )


def failed(
    reason: str,
    *evidence: Evidence,
    expected: str = "",
    seen: str = "",
    mend: str = ""
) -> Finding:
    return Finding(
        Verdict.FAIL, reason, expected, seen, tuple(evidence), mend=mend
    )


def manual(reason: str, *evidence: Evidence, notes: Sequence[str] = ()) -> Finding:
    """For a criterion that a person judges: what is laid out for them."""
    return Finding(
        Verdict.MANUAL, reason, evidence=tuple(evidence), notes=tuple(notes)
    )


def missing(traces: "Traces", *roles: str) -> Optional[Finding]:
    """The finding where one of these sides cannot be run: it was not handed
    in, does not build, or (then nobody loses anything) is in a language that
    this machine lacks. None where all of them can."""
    for role in roles:
        if role in traces.unavailable:
            return not_judged(traces.unavailable[role])
        if role in traces.failures:
            return failed(
                "the %s does not build" % role, seen=traces.failures[role]
            )
        if not traces.has(role):
            return failed("there is no %s in the submission" % role)
    return None


def not_judged(reason: str, *evidence: Evidence) -> Finding:
    return Finding(Verdict.NOT_JUDGED, reason, evidence=tuple(evidence))
