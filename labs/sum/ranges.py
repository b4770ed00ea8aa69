"""What do the numbers at the edges of the range show, and which number in
range ended the server?

The run has 1 and 100, and right after the longest number the shortest. What
goes wrong only there is found here. That 1 or 100 ends the server is the loss
of one row, `serves-again`: nothing else is looked for in such an exchange.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Callable, List, Optional, Tuple

from grader.api import End, Trace, Traces

from .numbers import numbers_in
from .reading import Visit, visits

EDGES = (1, 100)


@dataclass(frozen=True)
class Ended:
    """The exchange after which the server was gone."""

    visit: Visit
    place: int  # how many it had served by then
    crash: str  # what a crash said, "" where there was none

    @property
    def told(self) -> str:
        how = "crashed on" if self.crash else "ended after"
        return "the server %s %d, which is in range" % (how, self.visit.number)


def ended_by(trace: Trace) -> Optional[Ended]:
    """What ended the server of a run in which all numbers are in range; None
    where it went on, or that is not known."""
    facts = trace.facts
    stays = facts.get(
        "server-listens" if facts.get("listening") else "server-runs", True
    )
    seen = visits(trace)
    if stays or not seen:
        return None
    served = [v for v in seen if v.served]
    crash = End(trace, "server", 0, facts.get("end")).crash
    return Ended((served or seen[:1])[-1], len(served), crash)


#: Which visits of the edges count; with the visits of the other run.
Fit = Callable[[Visit, List[Visit]], bool]


def at_the_edges(traces: Traces, fit: Fit) -> List[Tuple[Visit, Trace]]:
    """The visits of the edges that show more than that the server ended."""
    others = [v for trace in traces.of("exchange") for v in visits(trace)]
    told = tuple((v.sent, v.number) for v in others if v.sent)
    found: List[Tuple[Visit, Trace]] = []
    for trace in traces.of("edges"):
        ended = ended_by(trace)
        for v in visits(trace):
            known = tuple(t for t in told if t[1] != v.number)
            v = replace(v, others=v.others + known)
            end = ended is not None and ended.visit.begin == v.begin
            if fit(v, others) and not (end and v.number in EDGES):
                found.append((v, trace))
    return found


def understood(v: Visit, _others: List[Visit]) -> bool:
    """Whether the client did its part, and the server took notice."""
    return v.served and v.sent_number(v.number)


def says_new(v: Visit, others: List[Visit]) -> bool:
    """Whether the client says a number that it says at no other time: not
    that of a team, nor nothing because it refuses what was typed."""
    said = [numbers_in(other.sent) for other in others]
    return v.served and bool(numbers_in(v.sent).difference(*said))
