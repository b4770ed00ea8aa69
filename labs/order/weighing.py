"""Lab `order`: how what the runs show becomes a finding.

Every judge looks at one run and says GOOD, PART, BAD or NOTHING (the run does
not show it). What the submission's own pair shows is final; where it shows
nothing, the runs with a peer decide, and the finding is `rescued`. So a
broken client does not sink a good server, nor the reverse.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, replace
from typing import Callable, Dict, List, Optional, Sequence

from grader.api import (
    Evidence,
    Finding,
    Trace,
    Traces,
    Verdict,
    failed,
    missing,
    not_judged,
    partial,
    passed,
)

from .reading import Exchange

OWN = "exchange"
LABELLED = "exchange_with_labels"
PEER_CLIENTS = "server_with_peers"
PEER_SERVER = "clients_with_peer"


#: How a program takes a text apart, or cuts off its beginning.
_TAKES_APART = re.compile(
    r"\bsplit\s*\(|\[\s*\d+\s*:\s*\]|\bpartition\s*\(|\bstrtok|\bstrchr\s*\("
    r"|\bstrstr\s*\(|\bsubstr(?:ing)?\s*\(|\bslice\s*\(|\bindex(?:Of)?\s*\("
    r"|\bsscanf\s*\(|\+\s*\d+\s*[,)]"
)


class Look(enum.Enum):
    """What one run shows of one criterion."""

    GOOD = "good"
    PART = "part"
    BAD = "bad"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Seen:
    """A look with its grounds."""

    look: Look
    reason: str
    evidence: Evidence
    expected: str = ""
    seen: str = ""
    note: str = ""
    mend: str = ""
    tells: bool = True  # this run could have shown the opposite
    final: bool = True  # a BAD or PART that a run with a peer cannot lift


Judge = Callable[[Exchange], Seen]


def good(x: Exchange, reason: str, *n: Optional[int], note: str = "",
         tells: bool = True) -> Seen:
    return Seen(Look.GOOD, reason, x.trace.evidence(*n), note=note, tells=tells)


def bad(x: Exchange, reason: str, *n: Optional[int], expected: str = "",
        seen: str = "", mend: str = "", look: Look = Look.BAD) -> Seen:
    # What a server does with a client that opens several connections is not
    # the server's fault alone.
    alone = all(len(client.connections) < 2 for client in x.clients)
    return Seen(look, reason, x.trace.evidence(*n), expected, seen, mend=mend,
                final=alone)


def nothing(x: Exchange, reason: str) -> Seen:
    """The run does not show it; a crash, where there was one, is why."""
    crash = crash_of(x)
    return Seen(
        Look.NOTHING,
        reason,
        x.trace.evidence(x.trace.facts.get("end")),
        seen=crash or _stuck(x),
        mend="Mend the error that ends the program first." if crash else "",
    )


def _stuck(x: Exchange) -> str:
    """How far the run came, in the words of the harness."""
    return x.trace.record.reason


# ---- from looks to a finding ----------------------------------------------


def decide(traces: Traces, judge: Judge, rescuers: Sequence[str]) -> Finding:
    """The finding of a criterion from all runs that can show it."""
    finding: Optional[Finding] = None
    final = False
    for dialect in dialects(traces, OWN):
        own = [judge(Exchange(trace)) for trace in dialect]
        found = weigh(own)
        if found and (finding is None or _rank(found) > _rank(finding)):
            finding, final = found, _is_final(own, found)
    if finding is not None and final:
        return finding
    for script in rescuers:
        for dialect in dialects(traces, script):
            found = weigh([judge(Exchange(t)) for t in dialect])
            if found is None:
                continue
            if finding is None or _rank(found) > _rank(finding):
                finding = replace(found, rescued=True)
    if finding is None and not traces.programs and not traces.unavailable:
        return failed("there is nothing to run")
    return finding or not_judged("no run could be made")


def dialects(traces: Traces, script: str) -> List[List[Trace]]:
    """The runs, by how the peer, or the users, spoke: a server is asked to be
    right in one dialect, not in all."""
    groups: Dict[str, List[Trace]] = {}
    for trace in traces.of(script):
        groups.setdefault(trace.name.partition("ending")[2], []).append(trace)
    found = list(groups.values())
    labelled = list(traces.of(LABELLED)) if script == OWN else []
    return found + [labelled] if labelled else found


def wants_labels(traces: Traces) -> bool:
    """Whether the server takes a message apart, and got names without what
    it looks for: `Client X: Alice` is what the assignment lets clients send.
    """
    source = traces.source_of("server")
    if source is None or not _TAKES_APART.search(source.text):
        return False
    for x in map(Exchange, traces.of(OWN)):
        bare = x.distinct and not any(client.prefix for client in x.clients)
        if bare and not all(x.passed_on(client) for client in x.clients):
            return True
    return False


def _is_final(own: Sequence[Seen], finding: Finding) -> bool:
    if any(s.look in (Look.BAD, Look.PART) and s.final for s in own):
        return True
    return finding.verdict is Verdict.PASS


def _rank(finding: Finding) -> int:
    order = (Verdict.NOT_JUDGED, Verdict.FAIL, Verdict.PARTIAL, Verdict.PASS)
    return order.index(finding.verdict)


def weigh(looks: Sequence[Seen]) -> Optional[Finding]:
    """What any run shows counts; None where there was no run."""
    if not looks:
        return None
    for look, make in ((Look.BAD, failed), (Look.PART, partial)):
        worst = [s for s in looks if s.look is look]
        if worst:
            return make(
                _in_how_many(worst[0].reason, len(worst), len(looks)),
                *(s.evidence for s in worst),
                expected=worst[0].expected,
                seen=worst[0].seen,
                mend=worst[0].mend,
            )
    good = [s for s in looks if s.look is Look.GOOD]
    empty = [s for s in looks if s.look is Look.NOTHING]
    if not good or not any(s.tells for s in good):
        first = (empty or list(looks))[0]
        return failed(
            first.reason, *(s.evidence for s in empty or looks), seen=first.seen,
            mend=first.mend,
        )
    notes = sorted({s.note for s in good if s.note})
    if empty:
        return partial(
            _in_how_many(empty[0].reason, len(empty), len(looks)),
            *(s.evidence for s in empty),
            seen=empty[0].seen,
            mend=empty[0].mend,
        )
    return passed(good[0].reason, *(s.evidence for s in good), notes=notes)


def _in_how_many(reason: str, some: int, all_of_them: int) -> str:
    if some == all_of_them:
        return reason
    return "%s (in %d of %d runs)" % (reason, some, all_of_them)


def crash_of(x: Exchange) -> str:
    """The program that ended badly, and the last line that it printed."""
    programs = x.trace.facts.get("programs", {})
    for program in ["server"] + sorted(p for p in programs if p != "server"):
        event = x.trace.exit_of(program)
        if event is not None and event.get("code") != 0:
            lines = x.trace.output(program).strip().split("\n")
            how = event.get("signal") or "status %s" % event.get("code")
            return "%s ended (%s): %s" % (program, how, lines[-1])
    return ""


def mend_of(crash: str) -> str:
    if crash:
        return "Mend the error that ends the program; its last line says what."
    return (
        "Look at who waits for whom at the end of the picture: a program that"
        " waits to receive needs another one that sends just then."
    )


def server_row(traces: Traces, judge: Judge) -> Finding:
    return missing(traces, "server") or decide(traces, judge, (PEER_CLIENTS,))
