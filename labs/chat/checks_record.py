"""Lab `chat`: what is the answer to `status` worth, and why?"""

from __future__ import annotations

from typing import List, Tuple

from grader.api import Finding, Traces, check, failed, not_judged, partial, passed

from .going import came, needs, rescued, visit_of
from .reading import Guest, Said, Visit, seconds, times


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
    if times(reply) < len(named if known else here):
        faults.append("times of connecting are missing")
    later, fault, silent = _record_of_the_past(traces, x)
    if not later and not silent and not faults:
        return not_judged("nobody could ask once somebody had left")
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
        before = [guest for guest in came(visit) if guest.end <= after.n]
        if leaver and visit.numbers(leaver) and not visit.is_in(leaver, after.reply):
            faults.append("who has left is not in it")
        elif times(after.reply) < len(before) + 1:
            faults.append("the time of leaving is missing")
        elif visit is x and leaver and _left_when_it_came(visit, leaver, after):
            faults.append("the time of leaving is the time of connecting")
        return after.reply, faults, False
    return "", [], silent


def _left_when_it_came(x: Visit, leaver: Guest, after: Said) -> bool:
    """Whether the line of a guest that left has the same second for both: it
    was there when another one began. Only `talk` waits for that."""
    if x.trace.name not in ("talk", "talk_with_peers"):
        return False
    lines = [line for line in after.reply.split("\n") if x.is_in(leaver, line)]
    told = seconds(lines[0]) if len(lines) == 1 else []
    return len(told) > 1 and len(set(told)) == 1
