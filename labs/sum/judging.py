"""Which runs tell what a program does, and what is the worst that they show?

A verdict comes from the runs of the submission's own pair; where one side keeps
the other from showing what it can, from a run with a peer.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, List, Optional, Sequence

from grader.api import (
    End,
    Finding,
    Trace,
    Traces,
    Verdict,
    failed,
    not_judged,
    passed,
)

from .ranges import Fit, at_the_edges, understood
from .reading import Visit, visits

OUTSIDE = (0, 101, -5)
OWN, PEER_CLIENTS, PEER_SERVER = (
    "exchange", "server_with_peer", "clients_with_peer"
)


def run_of(traces: Traces, script: str) -> Optional[Trace]:
    """The run with three clients; None where there was none. With peers, the
    one in which they wrote as the server understands it."""
    runs = traces.of(script)
    return max(runs, key=lambda t: len(served_in(t))) if runs else None


def served_in(trace: Trace) -> List[Visit]:
    return [v for v in visits(trace) if v.served]


Judge = Callable[[Visit, Trace], Optional[Finding]]
Where = Callable[[Visit], Optional[int]]


def each(traces: Traces, judge: Judge, good: str, where: Where,
         rescuer: str, fit: Fit = understood) -> Finding:
    """The worst of what the visits show, in the own runs; where they show
    nothing, in the run with a peer. `judge` gives None for a good visit."""
    found = in_run(run_of(traces, OWN), judge, good, where)
    if found is not None and found.verdict is Verdict.PASS:
        return _worst([judge(*seen) for seen in at_the_edges(traces, fit)]) or found
    if found is None or _own_is_poor(traces, rescuer):
        rescue = in_run(run_of(traces, rescuer), judge, good, where)
        if rescue is not None and rescue.verdict is Verdict.PASS:
            return replace(rescue, rescued=True)
        riddle = not_understood(traces, rescuer)
        if riddle is not None:
            return riddle
        found = rescue or found
    return found or _nothing_seen(traces, rescuer)


def _nothing_seen(traces: Traces, rescuer: str) -> Finding:
    """The finding where no run shows anything of the kind."""
    if traces.unavailable:
        return not_judged("; ".join(sorted(set(traces.unavailable.values()))))
    trace = run_of(traces, OWN) or run_of(traces, rescuer)
    if trace is None:
        return failed("the programs do not exchange anything")
    last = next(iter(visits(trace)[-1:]), None)
    lines = last.client_output.split("\n") if last else []
    said = [line.strip() for line in lines if line.strip()]
    return failed(
        trace.record.reason or "the programs do not exchange anything",
        trace.evidence(last.end if last else None),
        expected="a client that connects to the server",
        seen="the client's last line: " + said[-1] if said else "nothing",
    )


def unless_unreadable(judge: Judge) -> Judge:
    """A judge of what is in messages, who takes no loss for certain where the
    server understands a number that is not seen in what the client sends."""
    def careful(v: Visit, trace: Trace) -> Optional[Finding]:
        found = judge(v, trace)
        if found is None or not v.unreadable:
            return found
        return not_judged(
            "we cannot read the form in which the programs write to each"
            " other: the server shows %d, and it is not seen in what the client"
            " sends" % v.number, trace.evidence(v.typed, v.sent_at),
        )

    return careful


def _own_is_poor(traces: Traces, rescuer: str) -> bool:
    """Whether the other side kept this one from showing what it can."""
    seen = visits_of(traces, OWN)
    if rescuer == PEER_SERVER:
        return not any(v.got for v in seen)
    return not any(v.sent for v in seen)


def not_understood(traces: Traces, rescuer: str) -> Optional[Finding]:
    """That a program cannot be judged alone, because no peer speaks as it
    does; None where one does, or there was none."""
    runs = traces.of(rescuer)
    if rescuer == PEER_CLIENTS:
        heard = [t for t in runs if t.facts.get("listening")]
        # One that ends without a word of its own did not even listen.
        took = any(
            t.facts.get("server-runs") or End(t).crash
            or any(v.server_output for v in visits(t))
            for t in heard
        )
        if took and not any(served_in(t) for t in heard):
            return not_judged(
                "no client of the submission speaks to the server, and it"
                " understands none of the usual ways to write a name and a"
                " number", *(t.evidence(t.facts.get("end")) for t in heard[:1])
            )
        return None
    for trace in runs:
        if any(v.got and trace.failed(v.program) for v in visits(trace)):
            return not_judged(
                "no server of the submission answers the client, and it does"
                " not understand an answer in the form in which it speaks"
                " itself", trace.evidence(trace.facts.get("end"))
            )
    return None


def visits_of(traces: Traces, script: str) -> List[Visit]:
    trace = run_of(traces, script)
    return visits(trace) if trace else []


def in_run(trace: Optional[Trace], judge: Judge, good: str,
           where: Where) -> Optional[Finding]:
    """What one run shows; visits that the server never noticed are another
    row's loss, as long as one was."""
    if trace is None:
        return None
    seen = visits(trace)
    told = [v for v in seen if v.served] or [v for v in seen if v.connections][:1]
    if not told:
        return None
    worst = _worst([judge(v, trace) for v in told])
    return worst or passed(good, *(trace.evidence(where(v)) for v in told))


def _worst(findings: Sequence[Optional[Finding]]) -> Optional[Finding]:
    for verdict in (Verdict.FAIL, Verdict.PARTIAL, Verdict.NOT_JUDGED):
        for found in findings:
            if found is not None and found.verdict is verdict:
                return found
    return None


def somebody_serves(traces: Traces) -> bool:
    """Whether more is to be seen: a server that never listens, and serves
    nobody in another way, does the same whatever is sent."""
    return any(
        trace.facts.get("listening") or served_in(trace)
        for trace in traces.of(OWN)
    )


def server_is_alone(traces: Traces) -> bool:
    """Whether the submission's clients never get to speak to its server."""
    own = traces.of(OWN)
    return all(
        trace.facts.get("listening")
        and not any(v.sent or v.served for v in visits(trace))
        for trace in own
    )


def client_is_alone(traces: Traces) -> bool:
    """Whether the submission's server never answers its clients."""
    return not any(v.got for v in visits_of(traces, OWN))
