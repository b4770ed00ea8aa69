"""Lab `sum`: what each criterion is worth, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Callable, List, Optional

from grader.api import (
    Finding,
    Trace,
    Traces,
    Verdict,
    check,
    decode,
    failed,
    missing,
    partial,
    passed,
)

from .reading import (
    Visit,
    has_number,
    integers,
    name_words,
    names_somebody,
    shows_client,
    shows_server,
    visits,
)

NUMBERS_OUTSIDE = 3


OWN, PEER_CLIENTS, PEER_SERVER = (
    "exchange", "server_with_peer", "clients_with_peer"
)


def run_of(traces: Traces, script: str) -> Optional[Trace]:
    """The run with three clients; None where there was none."""
    return next(iter(traces.of(script)), None)


Judge = Callable[[Visit, Trace], Optional[Finding]]
Where = Callable[[Visit], Optional[int]]


def each(traces: Traces, judge: Judge, good: str, where: Where,
         rescuer: str) -> Finding:
    """The worst of what the visits show, in the own run; where that shows
    nothing, in the run with a peer. `judge` gives None for a good visit."""
    found = _in_run(run_of(traces, OWN), judge, good, where)
    if found is not None and found.verdict is Verdict.PASS:
        return found
    if found is None or _own_is_poor(traces, rescuer):
        rescue = _in_run(run_of(traces, rescuer), judge, good, where)
        if rescue is not None and rescue.verdict is Verdict.PASS:
            return replace(rescue, rescued=True)
        found = found or rescue
    if found is None:
        trace = run_of(traces, OWN) or run_of(traces, rescuer)
        reason = trace.record.reason if trace else ""
        return failed(reason or "the programs do not exchange anything")
    return found


def _own_is_poor(traces: Traces, rescuer: str) -> bool:
    """Whether the other side kept this one from showing what it can."""
    seen = visits_of(traces, OWN)
    if rescuer == PEER_SERVER:
        return not any(v.got for v in seen)
    return not any(v.sent for v in seen)


def visits_of(traces: Traces, script: str) -> List[Visit]:
    trace = run_of(traces, script)
    return visits(trace) if trace else []


def _in_run(trace: Optional[Trace], judge: Judge, good: str,
            where: Where) -> Optional[Finding]:
    """What one run shows; visits that the server never noticed are another
    row's loss, as long as one was."""
    if trace is None:
        return None
    seen = visits(trace)
    told = [v for v in seen if v.served] or [v for v in seen if v.connections][:1]
    if not told:
        return None
    findings = [judge(v, trace) for v in told]
    for verdict in (Verdict.FAIL, Verdict.PARTIAL):
        for found in findings:
            if found is not None and found.verdict is verdict:
                return found
    return passed(good, *(trace.evidence(where(v)) for v in told))


def must_repeat(traces: Traces) -> bool:
    """Whether a client kept a number outside the range to itself."""
    runs = traces.of("stops")
    return len(runs) < NUMBERS_OUTSIDE or any(
        not any(v.arrived for v in visits(trace)) for trace in runs
    )


def server_is_alone(traces: Traces) -> bool:
    """Whether the submission's clients never get to speak to its server."""
    return not any(v.sent or v.served for v in visits_of(traces, OWN))


def client_is_alone(traces: Traces) -> bool:
    """Whether the submission's server never answers its clients."""
    return not any(v.got for v in visits_of(traces, OWN))


# ---- the criteria ----------------------------------------------------------


@check("tcp")
def tcp(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        if not v.connections:
            return failed(
                trace.record.reason or "the client makes no TCP connection",
                trace.evidence(v.end),
                expected="one connection from the client to the server",
                seen="none",
            )
        if len(v.connections) > 1:
            return partial(
                "one exchange uses %d connections" % len(v.connections),
                trace.evidence(*(c.opened for c in v.connections)),
                expected="one",
                seen=str(len(v.connections)),
            )
        return None

    found = each(
        traces, judge, "one TCP connection an exchange, opened by the client",
        lambda v: v.connections[0].opened, PEER_SERVER,
    )
    if found.verdict is Verdict.FAIL and run_of(traces, PEER_CLIENTS):
        rescue = _in_run(run_of(traces, PEER_CLIENTS), judge,
                         "clients of ours speak TCP with the server",
                         lambda v: v.connections[0].opened)
        if rescue is not None and rescue.verdict is Verdict.PASS:
            return replace(rescue, rescued=True)
    return found


@check("client-reads-integer")
def client_reads_integer(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        if v.typed is None:
            return failed(
                "the client never asks its user for a number",
                trace.evidence(v.end),
                expected="the client waits for its user",
                seen="it goes on by itself",
            )
        if v.sent and not has_number(v.sent, v.number):
            return failed(
                "the number that the user types is not used",
                trace.evidence(v.typed, v.sent_at),
                expected="%d in what the client sends" % v.number,
                seen=decode(v.sent),
            )
        return None

    return missing(traces, "client") or each(
        traces, judge, "the number comes from the user", lambda v: v.typed,
        PEER_SERVER,
    )


@check("client-sends-name-and-number")
def client_sends(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        # Over another protocol than TCP only its effect is seen.
        sent = v.sent if v.connections else v.server_output.encode()
        number = has_number(sent, v.number)
        name = names_somebody(sent, "client")
        if number and name:
            return None
        lacks = "a name" if number else "the number" if name else "anything"
        make = partial if number or name else failed
        return make(
            "the client does not send " + lacks,
            trace.evidence(v.sent_at or v.end),
            expected="a name and %d" % v.number,
            seen=decode(v.sent) or "nothing",
        )

    return missing(traces, "client") or each(
        traces, judge, "name and number are on the wire", lambda v: v.sent_at,
        PEER_SERVER,
    )


@check("server-shows-names")
def server_shows_names(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        client = v.served and (
            shows_client(v.server_output, v) or not v.client_name
        )
        server = shows_server(v.server_output, v)
        if client and server:
            return None
        lacks = [w for ok, w in ((client, "the client's"), (server, "its own")) if not ok]
        make = partial if client or server else failed
        return make(
            "the server does not print %s name" % " and ".join(lacks),
            trace.evidence(v.sent_at or v.end),
            expected="both names on the server's terminal",
            seen=v.server_output or "nothing",
        )

    return missing(traces, "server") or each(
        traces, judge, "the server prints both names", lambda v: v.sent_at,
        PEER_CLIENTS,
    )


@check("server-shows-sum")
def server_shows_sum(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        shown = integers(v.server_output)
        mine = v.own_number
        if mine is not None and {v.number, mine, v.number + mine} <= shown:
            return None
        pairs = [m for m in shown if m > 0 and v.number + m in shown]
        if v.number in shown and pairs:
            return None
        partly = mine is not None and v.number + mine in shown
        make = partial if partly else failed
        return make(
            "the server does not print both numbers" if partly
            else "the server does not print the true sum",
            trace.evidence(v.sent_at or v.end),
            expected="%d, its own number, and their sum" % v.number,
            seen=v.server_output or "nothing",
        )

    return missing(traces, "server") or each(
        traces, judge, "the server prints both numbers and their sum",
        lambda v: v.sent_at, PEER_CLIENTS,
    )


@check("server-replies")
def server_replies(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        got = v.got if v.connections else v.client_output.encode()
        name = bool(v.server_words) or "server" in decode(got).lower()
        mine = _own_number(traces, v)
        number = mine is not None and has_number(got, mine)
        if name and number:
            return None
        make = partial if name or number else failed
        lacks = "its number" if name else "its name" if number else (
            "its name and number"
        )
        return make(
            "the server does not send " + lacks,
            trace.evidence(v.replied_at or v.end),
            expected="the server's name and its number",
            seen=decode(v.got) or "nothing",
        )

    return missing(traces, "server") or each(
        traces, judge, "the reply carries the server's name and number",
        lambda v: v.replied_at, PEER_CLIENTS,
    )


def _own_number(traces: Traces, v: Visit) -> Optional[int]:
    """The server's number; a reply that is the sum alone is not it."""
    mine = v.own_number
    if mine is not None:
        return mine
    others = [o.own_number for o in visits_of(traces, OWN)]
    return next((m for m in others if m is not None), None)


@check("client-shows-result")
def client_shows_result(traces: Traces) -> Finding:
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        shown = integers(v.client_output)
        mine = _own_number(traces, v)
        facts = {
            "its own number": v.number in shown,
            "the server's number": mine is not None and mine in shown,
            "the sum": mine is not None and v.number + mine in shown,
            "its own name": shows_client(v.client_output, v),
            "the server's name": shows_server(v.client_output, v),
        }
        lacks = [what for what, there in facts.items() if not there]
        if not lacks:
            return None
        reply = name_words(v.got) | {str(n) for n in integers(decode(v.got))}
        printed = bool(v.got) and any(w in v.client_output for w in reply)
        make = partial if printed else failed
        return make(
            "the client does not print " + ", ".join(lacks),
            trace.evidence(v.replied_at or v.end),
            expected="both names, both numbers and their sum",
            seen=v.client_output or "nothing",
        )

    return missing(traces, "client") or each(
        traces, judge, "the client prints names, numbers and the sum",
        lambda v: v.replied_at, PEER_SERVER,
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
    for script in (OWN, PEER_CLIENTS):
        trace = run_of(traces, script)
        served = [v for v in visits_of(traces, script) if v.served]
        if trace and len(served) < 2 and not trace.facts.get("server-listens"):
            return failed(
                "the server ends after a number in range too, so its end"
                " shows nothing",
                trace.evidence(trace.facts.get("end")),
            )
    looks = [_stopped(traces, number) for number in (0, 101, -5)]
    rescued = any(look.rescued for look in looks)
    verdicts = [look.verdict for look in looks]
    if all(v is Verdict.PASS for v in verdicts):
        evidence = [e for f in looks for e in f.evidence]
        return replace(passed("0, 101 and -5 end the server", *evidence),
                       rescued=rescued)
    worst = next((f for f in looks if f.verdict is Verdict.FAIL), None)
    worst = worst or next(f for f in looks if f.verdict is Verdict.PARTIAL)
    some = Verdict.PASS in verdicts or Verdict.FAIL not in verdicts
    return replace(
        worst, verdict=Verdict.PARTIAL if some else Verdict.FAIL, rescued=rescued
    )


def _stopped(traces: Traces, number: int) -> Finding:
    """How the server took one number outside the range."""
    runs: List[Trace] = [
        t
        for script in ("stops", "stops_repeated")
        for t in traces.of(script)
        if t.name == "%s[%d]" % (script, number)
    ]
    for trace in runs:
        arrived = any(v.arrived for v in visits(trace))
        if not arrived and not trace.facts.get("repeated"):
            continue
        peer = trace.name.startswith("stops_repeated")
        return replace(_end_of(trace, number), rescued=peer)
    return failed(
        "%d never reaches the server" % number,
        *(t.evidence(t.facts.get("end")) for t in runs),
        seen="the client keeps it to itself, and its message could not be"
        " repeated with another number",
    )


def _end_of(trace: Trace, number: int) -> Finding:
    end = trace.exit_of("server")
    where = trace.evidence(trace.facts.get("end"), end["n"] if end else None)
    wanted = "the server closes its sockets and ends"
    if end is not None and end.get("code") != 0:
        last = trace.output("server").strip().split("\n")[-1]
        return failed("the server crashes on %d" % number, where,
                      expected=wanted, seen=last)
    if end is not None:
        return passed("%d ends the server" % number, where)
    if not trace.facts.get("server-listens") and not trace.facts.get("server-open"):
        return partial("the server closes its sockets on %d, but does not end"
                       % number, where, expected=wanted, seen="it still runs")
    return failed(
        "the server goes on after %d" % number, where, expected=wanted,
        seen="it still listens" if trace.facts.get("server-listens")
        else "it still runs",
    )
