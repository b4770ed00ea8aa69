"""Lab `sum`: does the server go on in range, and stop outside of it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, Optional, Sequence

from grader.api import (
    End,
    Finding,
    Trace,
    Traces,
    Verdict,
    check,
    failed,
    missing,
    not_judged,
    partial,
    passed,
)

from . import checks  # noqa: F401  (declares them)
from .driving import CLIENTS
from .judging import (
    OUTSIDE,
    OWN,
    PEER_CLIENTS,
    not_understood,
    run_of,
    served_in,
    server_is_alone,
    visits_of,
)
from .ranges import EDGES, Ended, ended_by
from .reading import visits


#: For a server that has closed what it listens on, and listens on.
_STAYS_IN_ACCEPT = (
    "To close the listening socket in one thread does not wake another one that"
    " waits in accept(): it takes one more client. Call shutdown() on the socket"
    " first, or let the thread that accepts look whether it is to end."
)


@check("serves-again")
def serves_again(traces: Traces) -> Finding:
    absent = missing(traces, "server")
    if absent:
        return absent
    script = OWN if not server_is_alone(traces) else PEER_CLIENTS
    trace = run_of(traces, script)
    if trace is None:
        return failed("nobody gets as far as the server")
    riddle = not_understood(traces, script) if script != OWN else None
    if riddle is not None:
        return riddle
    edges = traces.of("edges") if script == OWN else []
    worst = _not_again(trace, edges)
    if worst is not None:
        return worst
    found = passed(
        "client after client is served",
        *(trace.evidence(v.replied_at) for v in visits(trace))
    )
    return replace(found, rescued=script != OWN)


def _not_again(trace: Trace, edges: Sequence[Trace]) -> Optional[Finding]:
    """Where it does not go on, if it does not. A number of no edge may end
    it, so what the one run lacks the other one may show."""
    runs = [trace, *edges]
    second = max(len(served_in(t)) for t in runs) > 1
    for t in runs:
        served, ended = len(served_in(t)), ended_by(t)
        if ended is None and served == len(CLIENTS):
            continue
        make = partial if second else failed
        if not second:
            reason = "the server does not serve a second client"
        elif ended is not None:
            reason = ended.told
        elif t is trace:
            reason = "the server does not serve a third client"
        else:
            reason = "the server does not go on after 1 and 100"
        return make(
            reason, t.evidence(*(v.end for v in visits(t)), t.facts.get("end")),
            expected="three clients in a row get an answer, and the server goes"
            " on: 1 to 100 are in range",
            seen="%d of them%s" % (served, ", and the server is gone" if ended else ""),
        )
    return None


@check("stops-out-of-range")
def stops_out_of_range(traces: Traces) -> Finding:
    absent = missing(traces, "server")
    if absent:
        return absent
    alone = server_is_alone(traces)
    riddle = not_understood(traces, PEER_CLIENTS) if alone else None
    if riddle is not None:
        return riddle
    trace = run_of(traces, PEER_CLIENTS if alone else OWN)
    ended = _ends_in_range(trace, traces.of("edges")) if trace else None
    if trace and ended:
        return failed(
            "the server ends after a number in range too (%d), so its end"
            " shows nothing" % ended.visit.number,
            trace.evidence(ended.visit.end, trace.facts.get("end")),
        )
    looks = [
        _alone(trace, number) if alone and trace else _stopped(traces, number)
        for number in OUTSIDE
    ]
    verdicts = [look.verdict for look in looks]
    rescued = any(look.rescued for look in looks)
    for verdict in (Verdict.FAIL, Verdict.PARTIAL):
        worst = next((f for f in looks if f.verdict is verdict), None)
        if worst is not None:
            some = Verdict.PASS in verdicts or Verdict.FAIL not in verdicts
            return replace(
                worst, verdict=Verdict.PARTIAL if some else Verdict.FAIL,
                rescued=rescued,
            )
    unknown = next((f for f in looks if f.verdict is not Verdict.PASS), None)
    if unknown is not None:
        return unknown
    return replace(
        passed("0, 101 and -5 end the server",
               *(e for f in looks for e in f.evidence),
               notes=sorted({note for f in looks for note in f.notes})),
        rescued=rescued,
    )


def _ends_in_range(trace: Trace, edges: Sequence[Trace]) -> Optional[Ended]:
    """What number in range ended the server as one outside would. None where
    it crashed, or serves so many clients and no more, or where 1 or 100 alone
    ended it: that is another row's loss."""
    ended = ended_by(trace)
    if ended is None or ended.crash:
        return None
    if ended.place < 2:
        return ended
    if ended.visit.number in EDGES:
        return None
    places = [one.place if one else 0 for one in map(ended_by, edges)]
    return ended if places and ended.place not in places else None


def _alone(trace: Trace, number: int) -> Finding:
    """The same, in the run with peers alone."""
    for facts in trace.facts.get("stops", []):
        if facts["number"] == number:
            return replace(_end_of(trace, number, facts), rescued=True)
    return not_judged("the server does not serve any client")


def _stopped(traces: Traces, number: int) -> Finding:
    """How the server took one number outside the range."""
    runs = [t for t in traces.of("outside") if t.name == "outside[%d]" % number]
    for trace in runs:
        repeated = bool(trace.facts.get("repeated"))
        arrived = trace.facts.get("arrived") or any(
            v.arrived for v in visits(trace)
        )
        if arrived or repeated:
            return replace(_end_of(trace, number, trace.facts), rescued=repeated)
    where = [t.evidence(t.facts.get("end")) for t in runs]
    if not any(v.served for v in visits_of(traces, OWN)):
        return failed("%d never reaches the server" % number, *where)
    return not_judged(
        "%d never reaches the server: the client keeps it to itself, and what"
        " it says could not be said again with another number" % number,
        *where,
    )


def _end_of(trace: Trace, number: int, facts: Dict[str, Any]) -> Finding:
    """What became of the server: `facts` tell it as it was then."""
    end = End(trace, "server", facts.get("begin", 0), facts.get("end"))
    where = trace.evidence(facts.get("end"), end.n)
    wanted = "the server closes its sockets and ends"
    if end.crash:
        return failed("the server crashes on %d" % number, where,
                      expected=wanted, seen=end.crash)
    if end.event is not None:
        return passed(
            "%d ends the server" % number, where,
            notes=["it ends with an error, because it goes on with a socket"
                   " that it has closed: %s" % end.after_closing]
            if end.after_closing else [],
        )
    if not facts.get("server-listens") and not facts.get("server-open"):
        return partial("the server closes its sockets on %d, but does not end"
                       % number, where, expected=wanted, seen="it still runs")
    return failed(
        "the server goes on after %d" % number, where, expected=wanted,
        seen="it still listens" if facts.get("server-listens")
        else "it still runs",
        mend=_STAYS_IN_ACCEPT if facts.get("server-closed") else "",
    )
