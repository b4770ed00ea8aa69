"""Which run is a row judged on, and was anybody in it?

The run with the submission's own clients comes first. Others are made, and
looked at, where nobody came in, or where two at once were too many.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import List, Optional, Tuple

from grader.api import Finding, Traces, failed, missing, not_judged

from .reading import Guest, Visit


#: A server that reads frames: a guest of ours, who sends text, says nothing to it.
_FRAMES = re.compile(
    r"struct\.unpack|from_bytes|readUTF|readInt|ObjectInputStream|pickle\.load"
    r"|json\.loads?\(|JSON\.parse"
)


def visit_of(traces: Traces, script: str) -> Optional[Visit]:
    """The run with the submission's own clients; where they fail, the one
    with peers, if more was answered there."""
    own = [Visit(trace) for trace in traces.of(script)]
    peers = [Visit(trace) for trace in traces.of(script + "_with_peers")]
    if not own or not peers:
        return next(iter(own + peers), None)
    return max(own[0], peers[0], key=lambda x: (bool(came(x)), answered(x)))


def answered(x: Visit) -> int:
    """How many lines of guests were answered."""
    return sum(bool(said.reply) for said in x.said)


#: What is looked at instead, where two guests at once are too many.
ALONE = {"talk": "one_by_one", "files": "files_alone"}


def came(x: Visit) -> List[Guest]:
    return [guest for guest in x.guests if guest.outcome == "ready"]


def nobody_came(traces: Traces) -> bool:
    """Whether no client of the submission gets as far as its prompt."""
    return not any(came(Visit(trace)) for trace in traces.of("talk"))


def clients_fail(traces: Traces) -> bool:
    """Whether no client comes in, or one does not send what its user types."""
    return nobody_came(traces) or any(
        sends_nothing(Visit(trace)) for trace in traces.of("talk")
    )


def were_asked_for_names(traces: Traces) -> bool:
    """Whether clients ask their users for a name on coming in."""
    return any(
        guest.typed_name for trace in traces.of("talk")
        for guest in Visit(trace).guests
    )


def sends_nothing(x: Visit) -> bool:
    """Whether a client that is in, with its server there, sends nothing."""
    inside = {guest.host for guest in came(x)}
    return x.trace.exit_of("server") is None and any(
        said.kind == "echo" and said.host in inside and not said.sent
        for said in x.said
    )


def two_are_too_many(traces: Traces) -> bool:
    """Whether a second guest did not get in, one that is silent held up the
    answers of the others, or what one was to be answered came to another."""
    return any(
        len(came(x)) == 1 or _silent_ones_hold_up(x) or _answers_go_astray(x)
        for x in map(Visit, traces.of("talk"))
    )


def _silent_ones_hold_up(x: Visit) -> bool:
    """Whether the first to speak, who is in, gets no answer while the others
    say nothing, and somebody gets one later."""
    first = x.one("echo")
    if first is None or not first.sent or first.reply:
        return False
    return answered(x) > 0 and x.trace.exit_of("server") is None


def _answers_go_astray(x: Visit) -> bool:
    """Whether a guest gets no answer, and another one gets it."""
    return any(
        x.reached(said, other.host)
        for said in x.said
        if said.kind == "echo" and said.sent and not said.reply
        for other in x.guests
        if other.host != said.host
    )


def needs(
    traces: Traces, script: str, together: bool = False
) -> Tuple[Optional[Visit], Optional[Finding]]:
    """The visit to judge, or why there is none; `together`: also where two
    guests at once are too many."""
    lack = missing(traces, "server")
    if lack:
        return None, lack
    x = visit_of(traces, script)
    if x is None:
        return None, missing(traces, "client") or not_judged("no run could be made")
    if not together and script in ALONE and two_are_too_many(traces):
        x = visit_of(traces, ALONE[script]) or x
    if not came(x):
        return None, failed(
            x.trace.record.reason or "no client gets as far as its prompt",
            x.trace.evidence(x.trace.facts.get("end")),
        )
    source = traces.source_of("server")
    if is_rescued(x) and not answered(x) and source and _FRAMES.search(source.text):
        return None, not_judged(
            "no client works, and ours cannot speak this server's format"
        )
    return x, None


def is_rescued(x: Visit) -> bool:
    return "_with_peers" in x.trace.name


def rescued(x: Visit, found: Finding) -> Finding:
    """Says so where our own guests had to come."""
    return replace(found, rescued=is_rescued(x))
