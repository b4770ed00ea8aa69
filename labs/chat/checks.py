"""Lab `chat`: what each criterion is worth, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Set

from grader.api import (
    End,
    Evidence,
    Finding,
    Traces,
    Verdict,
    check,
    failed,
    missing,
    not_judged,
    partial,
    passed,
    plain,
)

from .going import came, is_rescued, needs, rescued, sends_nothing, visit_of
from .reading import Said, Visit, acknowledged


@check("creates-server-and-client")
def creates(traces: Traces) -> Finding:
    lack = missing(traces, "server", "client")
    if lack:  # half of it is there
        half = traces.has("server") or traces.has("client")
        verdict = Verdict.PARTIAL if half else lack.verdict
        return lack if lack.verdict is Verdict.NOT_JUDGED else replace(
            lack, verdict=verdict
        )
    x = visit_of(traces, "talk")
    if x is None:
        return not_judged("no run could be made")
    made = [c for c in x.trace.connections if c.established is not None]
    if not made:
        broken = x.trace.failed("server") or any(
            x.trace.failed(g.host) for g in x.guests
        )
        return (partial if broken else failed)(
            x.trace.record.reason or "no TCP connection is made",
            x.trace.evidence(x.trace.facts.get("end")),
            expected="a client's TCP connection to the server",
            seen="none",
        )
    own = [Visit(trace) for trace in traces.of("talk")]
    if is_rescued(x) and own and sends_nothing(own[0]):
        return partial(
            "the client connects, but does not send what its user types",
            own[0].trace.evidence(own[0].trace.facts.get("end")),
        )
    if not any(g.outcome == "ready" for g in x.guests):
        return partial(
            "the client connects, but never asks its user for a line",
            x.trace.evidence(made[0].established, x.trace.facts.get("end")),
        )
    return passed(
        "server and client start and connect over TCP",
        x.trace.evidence(made[0].opened, made[0].established),
    )


@check("names-clients")
def names_clients(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk", together=_are_named_together(traces))
    if x is None:
        return lack or not_judged("no run could be made")
    inside = [g for g in x.guests[:3] if g.outcome == "ready"]
    where = x.trace.evidence(*(g.end for g in inside))
    wanted = ", ".join("Client%02d" % g.place for g in inside)
    told = [sorted(x.numbers(g)) for g in inside]
    seen = ", ".join("/".join(map(str, sorted(n))) or "none" for n in told)
    if not any(told):
        return failed("no client is given a name", where, expected=wanted,
                      seen="no name while they come in")
    if all(g.place in n for g, n in zip(inside, told)) and len(inside) > 1:
        return _unless_taken(x, where)
    firsts = [min(n) for n in told if n]
    if firsts == sorted(set(firsts)) and len(firsts) == len(inside) > 1:
        return partial("the names do not begin with Client01", where,
                       expected=wanted, seen=seen)
    if 1 < len(set(firsts)) < len(firsts):
        return partial("two clients that are connected have one name", where,
                       expected=wanted, seen=seen)
    return failed("the names do not follow the order of connecting", where,
                  expected=wanted, seen=seen)


def _are_named_together(traces: Traces) -> bool:
    """Whether two guests that are there together are given names."""
    x = visit_of(traces, "talk")
    return x is not None and sum(bool(x.numbers(g)) for g in came(x)[:3]) > 1


def _unless_taken(x: Visit, where: Evidence) -> Finding:
    """A new guest may have the name of one who left, not of one who stays."""
    new = x.guest("h5") if x.trace.name != "one_by_one" else None
    stay = [g for g in x.guests[:3] if g.host != "h3" and g.outcome == "ready"]
    if new is not None and new.outcome == "ready":
        for guest in stay:
            if new.numbers() and new.numbers() == x.numbers(guest):
                return partial(
                    "a new client is given the name of one who is connected",
                    x.trace.evidence(new.end),
                    seen="both are %s" % "/".join(map(str, new.numbers())),
                )
    return rescued(x, passed("clients are named in the order of connecting", where))


@check("many-clients")
def many_clients(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk", together=True)
    if x is None:
        return lack or not_judged("no run could be made")
    three = x.guests[:3]
    served = [s for s in x.said if s.kind == "echo" and s.reply]
    where = x.trace.evidence(*(g.end for g in three), *(s.end for s in served))
    if len(three) == 3 and len({s.host for s in served}) == 3:
        held_up = _held_up_by_a_nameless_one(traces, x)
        return held_up or rescued(x, passed("three clients are served at the same time", where))
    held = [g.host for g in three if g.outcome != "ready"]
    return failed(
        "three clients are not served at the same time", where,
        expected="the third gets its answer while the first two are silent",
        seen="%d of 3 get an answer%s" % (
            len({s.host for s in served}),
            "; not let in: " + ", ".join(held) if held else "",
        ),
    )


def _held_up_by_a_nameless_one(traces: Traces, x: Visit) -> Optional[Finding]:
    """Where a guest that has not told its name yet holds up another one."""
    kind = "_with_peers" if is_rescued(x) else ""
    for trace in traces.of("beside_a_nameless_one" + kind):
        beside = Visit(trace)
        if not trace.facts.get("nameless") or len(beside.guests) < 2:
            continue
        if not any(said.reply for said in beside.said):
            return rescued(beside, partial(
                "a client that has not told its name yet holds up the others",
                trace.evidence(*(g.end for g in beside.guests)),
                expected="the second is served while the first is asked for its"
                " name", seen="the second gets no answer",
            ))
    return None


@check("limits-to-three")
def limits_to_three(traces: Traces) -> Finding:
    x, lack = needs(traces, "full_house")
    if x is None:
        return lack or not_judged("no run could be made")
    facts = x.trace.facts
    where = x.trace.evidence(*(g.end for g in x.guests), facts.get("end"))
    inside = [g for g in x.guests[:3] if g.outcome == "ready"]
    if not any(s.reply for s in x.said):
        return failed("nobody is served, so nothing shows a limit", where)
    if len(inside) < 3 and x.trace.exit_of("server") is not None:
        return failed("the server ends when a second client comes", where,
                      seen=x.trace.output("server").strip()[-120:])
    if facts.get("fourth") == "ready" and facts.get("fourth-served"):
        said = x.one("echo-fourth")
        if said is not None and not _is_refusal(said):
            return failed("a fourth client is served", where,
                          expected="it is turned away, or waits",
                          seen=said.reply.strip()[:80])
    if len(inside) < 3:  # that there are too few is the loss of `many-clients`
        return rescued(x, passed("no fourth client is served", where))
    if facts.get("fourth") == "waiting" and not facts.get("late-served"):
        return partial("a fourth client waits for ever", where,
                       expected="it is served when a place is free",
                       seen="it never is")
    late = facts.get("late-served") or _served(x.one("echo-fifth"))
    if not late and _frees_place(traces):
        return _nobody_is_let_in(x, where)
    beside = _served_at_the_end(x)
    if len(beside) > len(inside):
        return partial("more than three clients are served once one has left", where,
                       expected="one place for each client that leaves",
                       seen="%d are served at the same time" % len(beside))
    return rescued(x, passed("a fourth client is turned away or waits", where))


def _nobody_is_let_in(x: Visit, where: Evidence) -> Finding:
    facts = x.trace.facts
    fault = "a client that was refused keeps a place"
    if facts.get("fifth") == "waiting" and not facts.get("fifth-accepted"):
        fault = "after a refusal nobody is let in any more"
    return partial(fault, where, expected="after one leaves, a new one is served",
                   seen="nobody is")


def _served_at_the_end(x: Visit) -> Set[str]:
    """Who has been served, after one left, and is still connected."""
    return {
        said.host for said in x.said
        if said.host in x.trace.facts.get("stay", ()) and said.kind != "echo-fourth"
        and acknowledged(said) and not _is_refusal(said)
    }


def _is_refusal(said: Said) -> bool:
    return "full" in plain(said.reply) or not acknowledged(said)


def _served(said: Optional[Said]) -> bool:
    return said is not None and bool(said.reply) and "full" not in plain(said.reply)


def _frees_place(traces: Traces) -> bool:
    """Whether a place is freed where nobody had been refused."""
    x = visit_of(traces, "talk")
    return x is not None and _served(x.one("echo-new"))


@check("echoes-with-ack")
def echoes_with_ack(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk")
    if x is None:
        return lack or not_judged("no run could be made")
    echoes = [s for s in x.said if s.kind in ("echo", "blanks") and s.n is not None]
    where = x.trace.evidence(*(s.end for s in echoes))
    if not any(s.reply for s in echoes):
        return failed("no line comes back", where, expected="the line and ACK",
                      seen="nothing")
    looks = [(s, acknowledged(s)) for s in echoes]
    for said, look in looks:
        if look == "exact" or (said.kind == "blanks" and look == "blanks"):
            continue
        if _is_sent_in_pieces(said):
            return failed("the client does not send the line whole", where,
                          expected=said.text, seen=said.sent.strip()[:120])
        return failed("a line does not come back with ACK appended", where,
                      expected=said.text + " ACK",
                      seen=said.reply.strip()[:120] or "nothing")
    for said, look in looks:
        if look != "exact":
            return partial("blanks of a line are lost", where,
                           expected=repr(said.text + " ACK"),
                           seen=repr(said.reply[:120]))
    return rescued(x, passed("every line comes back with ACK appended", where))


def _is_sent_in_pieces(said: Said) -> bool:
    """Whether its words are sent, but not as they were typed."""
    words = said.text.split()
    return said.text.strip() not in said.sent and any(w in said.sent for w in words)


@check("exits-cleanly")
def exits_cleanly(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk")
    if x is None:
        return lack or not_judged("no run could be made")
    facts = x.trace.facts
    left = x.last("leave")
    where = x.trace.evidence(
        left.n if left else None, facts.get("left-state"), facts.get("end")
    )
    if left is None or left.n is None:
        return failed("no client gets as far as leaving", where)
    if facts.get("leaver-connected"):
        return failed("the connection is not closed", where,
                      expected="`exit` ends that connection",
                      seen="the server still has it open")
    alone = x.trace.name == "one_by_one"
    others = (x.one("echo-after-leave"), x.one("status-after"))
    if not alone and not any(map(_served, others)):
        return failed("the others are not served any more", where,
                      expected="only that connection ends",
                      seen="another client gets no answer")
    faults = []
    if facts.get("leaver-runs"):
        faults.append("the client does not end")
    if "_with_peers" not in x.trace.name and End(x.trace, "h3").crash:
        faults.append("the client crashes when it leaves")
    new = x.one("blanks" if alone else "echo-new")  # the last to come
    if not _served(new):
        faults.append("its place is not freed")
    if faults:
        return partial("; ".join(faults), where,
                       expected="the client ends, and its place is free")
    word = plain(left.text).strip()
    notes = [] if word == "exit" else ["a client leaves with `%s`" % word]
    return rescued(x, passed("only that connection ends, and its place is free",
                             where, notes=notes))
