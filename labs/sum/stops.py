"""Lab `sum`: does the server go on in range, and stop outside of it?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict

from grader.api import (
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
from .crashes import End
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
from .reading import visits


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
    seen = visits(trace)
    served = [v for v in seen if v.served]
    if len(served) < 2:
        return failed(
            "the server does not serve a second client",
            trace.evidence(*(v.end for v in seen)),
            expected="three clients in a row get an answer",
            seen="%d of them" % len(served),
        )
    if len(served) < len(seen) or len(seen) < 3:
        return partial(
            "the server does not serve a third client",
            trace.evidence(*(v.end for v in seen)),
            expected="three clients in a row get an answer",
            seen="%d of them" % len(served),
        )
    for edge in traces.of("edges"):
        answered = [v for v in visits(edge) if v.served]
        if script == OWN and len(answered) < 3:
            return partial(
                "the server does not go on after 1 and 100",
                edge.evidence(edge.facts.get("end")),
                expected="1 and 100 are in range",
                seen="%d of 3 clients got an answer" % len(answered),
            )
    found = passed(
        "client after client is served", *(trace.evidence(v.replied_at) for v in seen)
    )
    return replace(found, rescued=script != OWN)


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
    if trace and _ends_in_range(trace):
        return failed(
            "the server ends after a number in range too, so its end"
            " shows nothing",
            trace.evidence(trace.facts.get("end")),
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


def _ends_in_range(trace: Trace) -> bool:
    """Whether the server's first number in range ended it as one outside
    would. A crash is no such end: another row's loss."""
    return (
        len(served_in(trace)) < 2
        and not trace.facts.get("server-listens")
        and not End(trace, "server", 0, trace.facts.get("end")).crash
    )


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
    )
