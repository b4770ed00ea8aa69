"""Lab `sum`: what the rows on names, numbers and replies are worth, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Optional, Set

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
    plain,
)

from .judging import (
    OWN,
    PEER_CLIENTS,
    PEER_SERVER,
    each,
    in_run,
    run_of,
    unless_unreadable,
    visits_of,
)
from .names import telling
from .numbers import integers, numbers_in
from .ranges import says_new
from .reading import Visit


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
        rescue = in_run(
            run_of(traces, PEER_CLIENTS), judge,
            "clients of ours speak TCP with the server",
            lambda v: v.connections[0].opened,
        )
        if rescue is not None and rescue.verdict is Verdict.PASS:
            return replace(rescue, rescued=True)
    return found


@check("client-reads-integer")
def client_reads_integer(traces: Traces) -> Finding:
    @unless_unreadable
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        if v.typed is None:
            return failed(
                "the client never asks its user for a number",
                trace.evidence(v.end),
                expected="the client waits for its user",
                seen="it goes on by itself",
            )
        if v.sent and not v.sent_number(v.number) and _says_another(v):
            return failed(
                "the number that the user types is not used",
                trace.evidence(v.typed, v.sent_at),
                expected="%d in what the client sends" % v.number,
                seen=decode(v.sent),
            )
        return None

    return missing(traces, "client") or each(
        traces, judge, "the number comes from the user", lambda v: v.typed,
        PEER_SERVER, says_new,
    )


def _says_another(v: Visit) -> bool:
    """Whether a number is sent, and not the one that was typed. A message
    without any is another row's loss."""
    return bool(numbers_in(v.sent))


@check("client-sends-name-and-number")
def client_sends(traces: Traces) -> Finding:
    @unless_unreadable
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        # Over another protocol than TCP only its effect is seen.
        sent = v.sent if v.connections else v.server_output.encode()
        number = (
            v.sent_number(v.number) if v.connections
            else v.number in integers(v.server_output)
        )
        name = bool(v.client_names) or "client" in decode(sent).lower()
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
    @unless_unreadable
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        # Where none is sent there is none to print: another row's loss.
        client = v.served and (
            v.client_name_in(v.server_output)
            or (bool(v.connections) and not v.client_names)
        )
        server = v.server_name_in(v.shown_by_server)
        if client and server:
            return None
        both = ((client, "the client's"), (server, "its own"))
        lacks = [whose for there, whose in both if not there]
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
        if mine in integers(v.server_start):
            shown |= {mine}
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
    @unless_unreadable
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        got = v.got if v.connections else v.client_output.encode()
        name = bool(v.server_names) or "server" in decode(got).lower()
        mine = _own_number(traces, v)
        number = mine is not None and _replies_with(traces, v, mine)
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


def _replies_with(traces: Traces, v: Visit, mine: int) -> bool:
    """Whether the server's number is in its reply, if only as one byte."""
    if not v.connections:
        return mine in integers(v.client_output)
    if mine in numbers_in(v.got):
        return True
    return v.sent_as_byte and bytes([mine & 0xFF]) in (v.got[:1], v.got[-1:])


def _own_number(traces: Traces, v: Visit) -> Optional[int]:
    """The server's number; a reply that is the sum alone is not it."""
    mine = v.own_number
    if mine is not None:
        return mine
    others = [o.own_number for o in visits_of(traces, OWN)]
    return next((m for m in others if m is not None), None)


@check("client-shows-result")
def client_shows_result(traces: Traces) -> Finding:
    @unless_unreadable
    def judge(v: Visit, trace: Trace) -> Optional[Finding]:
        shown = integers(v.client_output)
        mine = _own_number(traces, v)
        facts = {
            "its own number": v.number in shown,
            "the server's number": mine is not None and mine in shown,
            "the sum": mine is not None and v.number + mine in shown,
            "its own name": v.client_name_in(v.client_output),
            "the server's name": v.server_name_in(v.client_output),
        }
        lacks = [what for what, there in facts.items() if not there]
        if set(lacks) <= _never_told(traces, v):
            return None
        make = partial if _prints_reply(v, mine) else failed
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


def _never_told(traces: Traces, v: Visit) -> Set[str]:
    """What the server keeps to itself, which is its loss, and what cannot be
    known without it."""
    mine = _own_number(traces, v)
    if v.got and not v.server_names and "server" not in decode(v.got).lower():
        return {"the server's name"}
    if v.got and mine is not None and not _replies_with(traces, v, mine):
        return {"the server's number", "the sum"}
    return set()


def _prints_reply(v: Visit, mine: Optional[int]) -> bool:
    """Whether anything that the client printed comes from the server."""
    shown = integers(v.client_output)
    if mine is not None and (mine in shown or v.number + mine in shown):
        return True
    told = telling(decode(v.got)) - telling(decode(v.sent))
    return v.server_name_in(v.client_output) or any(
        word in v.client_output for word in told
    ) or (bool(v.got) and plain(decode(v.got)) in v.client_output)
