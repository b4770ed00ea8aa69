"""Lab `order`: what each criterion is worth, and why.

How the looks at single runs become a finding is in weighing.py; the row that
both sides share is in printing.py, and what a person decides in by_hand.py.
"""

from __future__ import annotations

from typing import Optional

from grader.api import Finding, Traces, Verdict, check, missing, plain

from . import by_hand, sentences  # noqa: F401  (by_hand declares its rows)
from .overtaken import far_exchanges
from .printing import prints_messages
from .reading import Client, Exchange
from .weighing import (
    OWN,
    PEER_CLIENTS,
    PEER_SERVER,
    Look,
    Seen,
    bad,
    crash_of,
    decide,
    good,
    mend_of,
    nothing,
    server_row,
    weigh,
)


# ---- the criteria ----------------------------------------------------------


@check("tcp")
def tcp(traces: Traces) -> Finding:
    def judge(x: Exchange) -> Seen:
        if x.both_connected:
            return good(
                x,
                "both clients open a TCP connection to the server",
                *(c.connections[0].established for c in x.clients),
            )
        asked = [c for c in x.clients if x.trace.facts["typed"].get(c.host)]
        if x.clients and len(asked) == 2 and not x.trace.connections:
            return bad(
                x,
                "the programs run, but no TCP connection was made",
                x.trace.facts.get("end"),
                expected="a SYN from each client to the server",
                seen="no TCP segment at all (are the sockets SOCK_DGRAM?)",
            )
        return nothing(x, "no run came as far as two TCP connections")

    return decide(traces, judge, (PEER_SERVER, PEER_CLIENTS))


@check("connects-one-at-a-time")
def connects_one_at_a_time(traces: Traces) -> Finding:
    def judge(x: Exchange) -> Seen:
        for client in x.clients:
            if len(client.connections) > 1:
                return bad(
                    x,
                    "one client opens %d connections" % len(client.connections),
                    *(c.opened for c in client.connections),
                    expected="one connection for each client",
                    seen="%d from %s" % (len(client.connections), client.host),
                )
        if x.both_connected:
            return good(
                x,
                "each client opens one connection, the second after the first",
                *(c.connections[0].opened for c in x.clients),
            )
        return nothing(x, "the clients do not both connect")

    return missing(traces, "client") or decide(traces, judge, (PEER_SERVER,))


@check("accepts-both-first")
def accepts_both_first(traces: Traces) -> Finding:
    return server_row(traces, _judge_accepts)


def _judge_accepts(x: Exchange) -> Seen:
    if not x.both_connected:
        return nothing(x, "two clients were never connected at once")
    first, second = x.clients
    state = x.trace.facts.get("both-connected")
    early = x.server_socket(first, "connected-X")
    if (
        first.arrived is not None
        and first.arrived < second.connections[0].opened
        and (early is None or (early.inode and not early.unread))
    ):
        return bad(
            x,
            "the server takes X's message before Y is connected",
            first.arrived,
            x.trace.facts.get("connected-X"),
            expected="X's message is left unread until Y has been accepted",
            seen="it had been taken when Y connected",
        )
    waiting = x.server_socket(second, "both-connected")
    accepted = x.was_accepted(second, "both-connected")
    if state and waiting is not None and not accepted:
        waits = ", ".join(sorted(set(x.trace.state(state).waits("server"))))
        return bad(
            x,
            "the second client is not accepted before a message is received",
            state,
            expected="both connections accepted before any message is sent",
            seen="Y's connection waits in the queue; the server waits in: "
            + waits,
        )
    if not all(x.was_accepted(client, "both-connected") for client in x.clients):
        return nothing(x, "the server is gone before it has accepted both")
    taken = any(x.took(client) or x.answered(client) for client in x.clients)
    if not taken and not all(client.heard for client in x.clients):
        return nothing(x, "the server never takes a message")
    return good(x, "both connections are accepted before a message is taken", state)


@check("labels-by-connection")
def labels_by_connection(traces: Traces) -> Finding:
    def judge(x: Exchange) -> Seen:
        used = x.letters_used()
        if not used:
            return nothing(x, "nothing that the server says shows who is X")
        right = {client.host: client.label for client in x.clients}
        where = [x.sentence_at(c) or x.greeted_at(c) for c in x.clients]
        if used == right:
            return good(x, "the first to connect is X, the second Y", *where)
        return bad(
            x,
            "the labels do not follow the order of connection",
            *where,
            expected="%s, which connected first, is X" % x.clients[0].host,
            seen=", ".join("%s is %s" % pair for pair in sorted(used.items())),
        )

    return server_row(traces, judge)


@check("announces-connection")
def announces_connection(traces: Traces) -> Finding:
    return server_row(traces, _judge_announces)


def _judge_announces(x: Exchange) -> Seen:
    if not x.both_connected:
        return nothing(x, "two clients were never connected at once")
    used = x.letters_used()
    at = [x.greeted_at(client) for client in x.clients]
    for client in x.clients:
        letters = set(x.greeting(client))
        wanted = "Client %s connected" % client.label
        if letters in ({client.label}, {used.get(client.host)}):
            continue
        told = client.told.strip().split("\n")[0]
        named = set(sentences.names_a_letter(client.told))
        if not letters and named == {client.label}:
            return bad(x, "the client is told its letter, but not that it is"
                       " connected", x.sentence_at(client), expected=wanted,
                       seen=told, look=Look.PART)
        if len(letters) == 2:
            return bad(x, "the client is not told which of the two it is",
                       *at, expected=wanted, seen=told, look=Look.PART)
        if not letters and not x.both_arrived:
            return nothing(
                x, "client %s is not told that it is connected" % client.label
            )
        reason = (
            "client %s is told a wrong letter" if letters
            else "client %s is never told that it is connected"
        )
        return bad(x, reason % client.label, *at, expected=wanted,
                   seen=told or "nothing")
    first, second = x.clients
    if at[0] is not None and at[0] < second.connections[0].opened:
        return bad(x, "X is told before Y is connected", *at,
                   expected="both are told once both are connected",
                   seen="X was told while it was alone", look=Look.PART)
    arrivals = [c.arrived for c in x.clients if c.arrived is not None]
    # Only where nobody sent before both were there and everything was quiet.
    settled = x.trace.facts.get("both-connected") or 0
    late = (
        arrivals
        and min(arrivals) > settled
        and all(x.was_accepted(c, "both-connected") for c in x.clients)
    )
    if late and all(n is not None and n > min(arrivals) for n in at):
        return bad(x, "the clients are told only after they have sent", *at,
                   expected="both are told before they send their message",
                   seen="the announcement follows a message", look=Look.PART)
    return good(x, "both clients are told which one they are", *at)


@check("receives-both")
def receives_both(traces: Traces) -> Finding:
    def judge(x: Exchange) -> Seen:
        if not x.both_arrived:
            return nothing(x, "no run came as far as two messages")
        left = [c for c in x.clients if not x.took(c)]
        if left:
            return bad(
                x,
                "the server does not take the message of client %s"
                % left[0].label,
                left[0].arrived,
                x.trace.facts.get("end"),
                expected="both messages are read by the server",
                seen="the message stays unread",
            )
        cut = [c for c in x.clients if c.cut]
        if cut:
            return bad(
                x,
                "the server takes only the beginning of a message",
                cut[0].arrived,
                expected=cut[0].cut,
                seen=cut[0].message,
                mend="Give recv() a buffer that is large enough for any"
                " message, or receive until the line ends.",
                look=Look.PART,
            )
        return good(x, "both messages are taken", *(c.arrived for c in x.clients))

    return server_row(traces, judge)


@check("acknowledges-both")
def acknowledges_both(traces: Traces) -> Finding:
    return server_row(traces, _judge_acknowledges)


def _judge_acknowledges(x: Exchange) -> Seen:
    if not x.both_arrived:
        return nothing(x, "no run came as far as two messages")
    wanted = _wanted(x)
    at = [x.sentence_at(client) for client in x.clients]
    note = ""
    weak: Optional[Seen] = None
    for client in x.clients:
        sentence = x.sentence(client)
        if sentence is None:
            return bad(
                x,
                "client %s is not told which message was first" % client.label,
                *at,
                x.trace.facts.get("end"),
                expected=wanted,
                seen=last_line(client) or "nothing",
            )
        lacks = _lacks(sentence)
        if lacks and x.is_worded(client, sentence):
            lacks, note = "", "the client itself puts the answer into words"
        if lacks:
            weak = bad(x, "the sentence lacks " + lacks, *at, expected=wanted,
                       seen=last_line(client), look=Look.PART)
        if sentence.misspelt:
            note = "`received` is misspelt"
    return weak or good(
        x, "both clients are told which message was first", *at, note=note
    )


def _wanted(x: Exchange) -> str:
    told = ["%s: %s" % (c.label, c.message) for c in x.by_arrival()]
    return " received before ".join(told)


def last_line(client: Client) -> str:
    lines = [line for line in client.told.split("\n") if line.strip()]
    return lines[-1].strip() if lines else ""


def _lacks(sentence: sentences.Sentence) -> str:
    if not sentence.has_messages:
        return "a message"
    if not sentence.says_before:
        return "the word `before`"
    if not sentence.says_received:
        return "the word `received`"
    if not all(sentence.letters):
        return "a letter, X or Y"
    return ""


@check("order-of-arrival")
def order_of_arrival(traces: Traces) -> Finding:
    found = server_row(traces, _judge_order)
    own = [_judge_order(Exchange(trace)) for trace in traces.of(OWN)]
    # Where the four orders are right, the far client must be, too.
    if found.verdict is not Verdict.PASS or any(s.look is not Look.GOOD for s in own):
        return found
    far = [_judge_order(x) for x in far_exchanges(traces)]
    # Without one, what was found stands: it may rest on runs with peers.
    far = [s for s in far if s.look is not Look.NOTHING]
    return (weigh(own + far) or found) if far else found


def _judge_order(x: Exchange) -> Seen:
    if not x.both_arrived:
        return nothing(x, "no run came as far as two messages")
    if not x.distinct:
        return nothing(x, "the messages cannot be told apart")
    first = x.by_arrival()[0]
    told = [(c, x.sentence(c)) for c in x.clients]
    claims = [(c, s) for c, s in told if s is not None]
    if not claims:
        return nothing(x, "nothing that a client gets says which was first")
    at = [c.arrived for c in x.clients] + [x.sentence_at(c) for c, _s in claims]
    for client, sentence in claims:
        if _claimed(x, sentence) != first.host:
            if x.by_chance:
                return nothing(x, "both messages were there before the server"
                               " could take one")
            return bad(
                x,
                "the sentence does not follow the order of arrival",
                *at,
                expected=_wanted(x),
                seen=last_line(client),
            )
    return good(
        x,
        "the sentence follows the order of arrival",
        *at,
        tells=first.label == "Y",
    )


def _claimed(x: Exchange, sentence: sentences.Sentence) -> str:
    """The host whose message the sentence says was first."""
    for client in x.clients:
        if sentence.has_messages and client.message == sentence.first:
            return client.host
        if not sentence.has_messages and client.label == sentence.letters[0]:
            return client.host
    return ""


@check("runs-on-mininet")
def runs_on_mininet(traces: Traces) -> Finding:
    lack = missing(traces, "server", "client")
    return lack or decide(traces, _judge_runs, ())


def _judge_runs(x: Exchange) -> Seen:
    if len(x.clients) < 2:
        return bad(x, x.trace.record.reason or "the programs do not start",
                   x.trace.facts.get("listening"), seen=crash_of(x),
                   mend=mend_of(crash_of(x)))
    end = x.trace.facts.get("end")
    if not x.trace.connections:
        both = all(
            plain(message) in plain(x.trace.output("server"))
            for message in x.trace.facts["messages"].values()
        )
        if both and end:
            return good(x, "the programs finish their exchange", end)
    if not x.both_arrived or not end:
        return bad(x, x.trace.record.reason
                   or "the programs do not exchange their messages", end,
                   expected="a message from each client reaches the server",
                   seen=crash_of(x) or _who_waits(x, end),
                   mend=mend_of(crash_of(x)))
    ended = x.trace.exit_of("server")
    if ended and ended["n"] < min(c.arrived or 0 for c in x.clients):
        return bad(x, "the server has ended before the messages come", ended["n"],
                   expected="a message from each client reaches the server",
                   seen=crash_of(x) or "it did not wait for them")
    last = max(c.arrived or 0 for c in x.clients)
    for client in x.clients:
        if any(n > last for n, _piece in client.heard):
            continue
        crashed = crash_of(x)
        gone = x.trace.exit_of(client.program) is not None
        asks = bool(end) and x.trace.state(end or 0).reads_terminal(client.program)
        if crashed or not (gone or asks):
            return bad(x, "the exchange is not finished", end,
                       expected="the clients are answered, or let go",
                       seen=crashed or "client %s waits for ever" % client.label,
                       mend=mend_of(crashed))
    return good(x, "the programs run on Mininet hosts and finish", end)


def _who_waits(x: Exchange, end: Optional[int]) -> str:
    """What each program waited for when nothing happened any more."""
    if not end:
        return "it does not"
    state = x.trace.state(end)
    told = []
    for program in ["server"] + [c.program for c in x.clients]:
        waits = sorted(set(state.waits(program)))
        told.append("%s waits in %s" % (program, ", ".join(waits) or "nothing"))
    return "; ".join(told)


def lost_something(traces: Traces) -> bool:
    """Whether the submission's own pair leaves anything to be asked."""
    return not all(
        judge(traces).verdict is Verdict.PASS for judge in _AUTOMATIC
    )


_AUTOMATIC = (
    tcp,
    connects_one_at_a_time,
    accepts_both_first,
    labels_by_connection,
    announces_connection,
    receives_both,
    acknowledges_both,
    order_of_arrival,
    prints_messages,
    runs_on_mininet,
)
