"""Lab `chat`: what each criterion is worth, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import List, Optional, Tuple

from grader.api import (
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

from .reading import Guest, Said, Visit, acknowledged, times


def visit_of(traces: Traces, script: str) -> Optional[Visit]:
    """The run with the submission's own clients; where nobody came in, the
    one with peers in which the most was answered."""
    own = [Visit(trace) for trace in traces.of(script)]
    if own and came(own[0]):
        return own[0]
    peers = [Visit(trace) for trace in traces.of(script + "_with_peers")]
    peers.sort(key=lambda x: sum(bool(s.reply) for s in x.said), reverse=True)
    return peers[0] if peers and came(peers[0]) else own[0] if own else None


#: What is looked at instead, where two guests at once are too many.
ALONE = {"talk": "one_by_one", "files": "files_alone"}


def came(x: Visit) -> List[Guest]:
    return [guest for guest in x.guests if guest.outcome == "ready"]


def nobody_came(traces: Traces) -> bool:
    """Whether no client of the submission gets as far as its prompt."""
    return not any(came(Visit(trace)) for trace in traces.of("talk"))


def only_one_came(traces: Traces) -> bool:
    """Whether a second guest was too many."""
    return any(len(came(Visit(trace))) == 1 for trace in traces.of("talk"))


def needs(traces: Traces, script: str) -> Tuple[Optional[Visit], Optional[Finding]]:
    """The visit to judge, or why there is none."""
    lack = missing(traces, "server")
    if lack:
        return None, lack
    x = visit_of(traces, script)
    if x is None:
        return None, missing(traces, "client") or not_judged("no run could be made")
    if only_one_came(traces) and script in ALONE:
        x = visit_of(traces, ALONE[script]) or x
    if not came(x):
        return None, failed(
            x.trace.record.reason or "no client gets as far as its prompt",
            x.trace.evidence(x.trace.facts.get("end")),
        )
    return x, None


def rescued(x: Visit, found: Finding) -> Finding:
    """Says so where our own guests had to come."""
    return replace(found, rescued="_with_peers" in x.trace.name)


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
    x, lack = needs(traces, "talk")
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


def _unless_taken(x: Visit, where: Evidence) -> Finding:
    """A new guest may have the name of one who left, not of one who stays."""
    new = x.guest("h5")
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
    x, lack = needs(traces, "talk")
    if x is None:
        return lack or not_judged("no run could be made")
    three = x.guests[:3]
    served = [s for s in x.said if s.kind == "echo" and s.reply]
    where = x.trace.evidence(*(g.end for g in three), *(s.end for s in served))
    if len(three) == 3 and len({s.host for s in served}) == 3:
        return rescued(x, passed("three clients are served at the same time", where))
    held = [g.host for g in three if g.outcome != "ready"]
    return failed(
        "three clients are not served at the same time", where,
        expected="the third gets its answer while the first two are silent",
        seen="%d of 3 get an answer%s" % (
            len({s.host for s in served}),
            "; not let in: " + ", ".join(held) if held else "",
        ),
    )


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
    if len(inside) < 3:
        if x.trace.exit_of("server") is not None:
            return failed("the server ends when a second client comes", where,
                          seen=x.trace.output("server").strip()[-120:])
        # That there are too few is the loss of `many-clients`.
        return rescued(x, passed("no fourth client is served", where))
    if facts.get("fourth") == "ready" and facts.get("fourth-served"):
        said = x.one("echo-fourth")
        if said is not None and not _is_refusal(said):
            return failed("a fourth client is served", where,
                          expected="it is turned away, or waits",
                          seen=said.reply.strip()[:80])
    if facts.get("fourth") == "waiting" and not facts.get("late-served"):
        return partial("a fourth client waits for ever", where,
                       expected="it is served when a place is free",
                       seen="it never is")
    late = facts.get("late-served") or _served(x.one("echo-fifth"))
    if not late and _frees_place(traces):
        return partial("a client that was refused keeps a place", where,
                       expected="after one leaves, a new one is served",
                       seen="nobody is")
    return rescued(x, passed("a fourth client is turned away or waits", where))


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
        return failed("a line does not come back with ACK appended", where,
                      expected=said.text + " ACK",
                      seen=said.reply.strip()[:120] or "nothing")
    for said, look in looks:
        if look != "exact":
            return partial("blanks of a line are lost", where,
                           expected=repr(said.text + " ACK"),
                           seen=repr(said.reply[:120]))
    return rescued(x, passed("every line comes back with ACK appended", where))


@check("exits-cleanly")
def exits_cleanly(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk")
    if x is None:
        return lack or not_judged("no run could be made")
    facts = x.trace.facts
    left = x.one("leave")
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
    if "_with_peers" not in x.trace.name and x.trace.failed("h3"):
        faults.append("the client crashes when it leaves")
    if not _served(x.one("status-after" if alone else "echo-new")):
        faults.append("its place is not freed")
    if faults:
        return partial("; ".join(faults), where,
                       expected="the client ends, and its place is free")
    return rescued(
        x, passed("only that connection ends, and its place is free", where)
    )


@check("status")
def status(traces: Traces) -> Finding:
    x, lack = needs(traces, "talk")
    if x is None:
        return lack or not_judged("no run could be made")
    now = x.one("status")
    where = x.trace.evidence(now.end if now else None)
    reply = now.reply if now else ""
    here = [g for g in x.guests[:3] if g.outcome == "ready"]
    here = here[:1] if x.trace.name == "one_by_one" else here
    known = [g for g in here if x.numbers(g) or g.typed_name]
    named = [g for g in known if x.is_in(g, reply)]
    if not named and times(reply) < 1:
        return failed("`status` does not return the record", where,
                      expected="every client with its time of connecting",
                      seen=reply.strip()[:120] or "nothing")
    faults = []
    if len(named) < len(known):
        faults.append("not every client is in it")
    if times(reply) < len(here):
        faults.append("times of connecting are missing")
    later, fault, silent = _record_of_the_past(traces, x)
    if silent:
        return failed("`status` does not answer once somebody has left", where,
                      expected="present and past clients", seen="nothing")
    faults += fault
    if faults:
        return partial("; ".join(faults), where,
                       expected="present and past clients, with both times",
                       seen=(later or reply).strip()[:200])
    return rescued(x, passed("the record has everybody, with both times", where))


def _record_of_the_past(
    traces: Traces, x: Visit
) -> Tuple[str, List[str], bool]:
    """The record after somebody left, what it lacks, and whether nobody got
    it. Where leaving itself fails, a guest that was killed has left."""
    silent = False
    for visit, gone in ((x, "h3"), (visit_of(traces, "killed_guest"), "h2")):
        after = visit.one("status-after") if visit else None
        if visit is None or after is None or after.n is None:
            continue
        if visit.trace.name == "one_by_one":
            gone = "h2"
        if visit is x and visit.trace.facts.get("leaver-connected"):
            continue  # that is the loss of `exits-cleanly`
        if not after.reply:
            silent = True
            continue
        faults = []
        leaver = visit.guest(gone)
        if leaver and visit.numbers(leaver) and not visit.is_in(leaver, after.reply):
            faults.append("who has left is no longer in it")
        elif times(after.reply) < len(came(visit)) + 1:
            faults.append("the time of leaving is missing")
        return after.reply, faults, False
    return "", [], silent


@check("lists-files")
def lists_files(traces: Traces) -> Finding:
    x, lack = needs(traces, "files")
    if x is None:
        return lack or not_judged("no run could be made")
    said = x.one("list")
    names = x.trace.facts.get("files", {})
    where = x.trace.evidence(said.end if said else None)
    reply = said.reply if said else ""
    there = [name for name in names.values() if name in reply]
    if len(there) == len(names) and names:
        return rescued(x, passed("`list` returns the names of the files", where))
    make = partial if there else failed
    return make("`list` does not return the names of the files", where,
                expected=", ".join(sorted(names.values())),
                seen=reply.strip()[:120] or "nothing")


@check("streams-files")
def streams_files(traces: Traces) -> Finding:
    x, lack = needs(traces, "files")
    if x is None:
        return lack or not_judged("no run could be made")
    facts = x.trace.facts
    if not facts.get("request"):
        return failed("no file can be had", x.trace.evidence(facts.get("end")),
                      expected="a file that is asked for by its name",
                      seen="no request that was tried brings it")
    sent = facts.get("transfers", [])
    where = x.trace.evidence(*(t["end"] for t in sent))
    cut = [t for t in sent if not t["whole"]]
    if cut:
        make = partial if len(cut) < len(sent) else failed
        return make("a file does not arrive byte for byte", where,
                    expected="%d bytes" % cut[0]["size"],
                    seen="%d bytes, and not the same" % cut[0]["got"])
    unknown = facts.get("unknown", {})
    fault = _unknown_fault(unknown)
    if fault:
        return partial(fault, where, x.trace.evidence(unknown.get("n")),
                       expected="an answer that says so, and the connection"
                       " lives on", seen=unknown.get("answer", "").strip()[:120]
                       or "nothing")
    return rescued(x, passed("files arrive byte for byte", where))


def _unknown_fault(unknown: "dict[str, object]") -> str:
    answer = plain(str(unknown.get("answer", "")))
    if not unknown.get("server-runs"):
        return "the server ends when a name does not exist"
    if not answer:
        return "a name that does not exist gets no answer"
    if answer.replace(plain(str(unknown.get("name"))), "").strip(" :.get") == "ack":
        return "a name that does not exist is merely echoed"
    if not unknown.get("lives"):
        return "the connection does not live on after an unknown name"
    return ""
