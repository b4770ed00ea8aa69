"""Lab `order`: the criterion `prints-messages`.

Both sides have a part in it: the server prints what the clients sent, and
each client what the server told it. Each side is judged on the first runs
that show it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Iterator, List, Optional, Sequence, Tuple

from grader.api import (
    Finding,
    Traces,
    check,
    decode,
    failed,
    not_judged,
    partial,
    passed,
    plain,
)

from . import sentences
from .reading import Client, Exchange
from .weighing import (
    OWN,
    PEER_CLIENTS,
    PEER_SERVER,
    Judge,
    Look,
    Seen,
    bad,
    dialects,
    good,
    nothing,
)


@check("prints-messages")
def prints_messages(traces: Traces) -> Finding:
    for reason in traces.unavailable.values():
        return not_judged(reason)
    server = _side(traces, _server_prints, (OWN, PEER_CLIENTS))
    clients = _side(traces, _clients_print, (OWN, PEER_SERVER))
    sides = [side for side in (server, clients) if side is not None]
    shown = [side for side in sides if side[0].look is Look.GOOD]
    rescued = any(script != OWN for _s, script in shown)
    # What was lost comes first: it is what the report draws.
    sides.sort(key=lambda side: side[0].look is Look.GOOD)
    evidence = [side[0].evidence for side in sides]
    if len(shown) == 2:
        notes = sorted({seen.note for seen, _script in shown if seen.note})
        found = passed(
            "server and clients print what they receive", *evidence, notes=notes
        )
        return replace(found, rescued=rescued)
    lost = [s for s, _script in sides if s.look is not Look.GOOD]
    reason = "; ".join(s.reason for s in lost) or "a side is missing"
    make = partial if shown else failed
    found = make(
        reason,
        *evidence,
        expected=next((s.expected for s in lost), ""),
        seen=next((s.seen for s in lost), ""),
    )
    return replace(found, rescued=rescued)


def _side(
    traces: Traces, judge: Judge, scripts: Sequence[str]
) -> Optional[Tuple[Seen, str]]:
    """The worst look at one side, from the first runs that show it. Where a
    peer spoke in several ways, the way that the side understands counts."""
    last: Optional[Tuple[Seen, str]] = None
    for script in scripts:
        worst = []
        for dialect in dialects(traces, script):
            looks = [judge(Exchange(trace)) for trace in dialect]
            shown = [s for s in looks if s.look is not Look.NOTHING]
            shown.sort(key=lambda s: s.look is Look.GOOD)
            worst += shown[:1]
            last = last or (looks[0], script)
        if worst:
            good_ones = [s for s in worst if s.look is Look.GOOD]
            return (good_ones or worst)[0], script
    return last


def _server_prints(x: Exchange) -> Seen:
    sent = [c for c in x.clients if c.message and x.took(c)]
    if _without_tcp(x):
        sent = list(_as_typed(x))
    if len(sent) < 2:
        return nothing(x, "the server never gets both messages")
    words = x.printed
    missing = [c.message for c in sent if plain(c.message) not in words]
    if missing:
        return bad(
            x,
            "the server does not print " + (
                "the messages" if len(missing) == 2 else "both messages"
            ),
            *(c.arrived for c in sent),
            expected="%s on the server's terminal" % missing[0],
            seen=x.trace.output("server").strip()[-200:] or "nothing",
        )
    return good(
        x,
        "the server prints both messages",
        *(x.trace.output_event("server", plain(c.message)) for c in sent),
    )


def _clients_print(x: Exchange) -> Seen:
    """The answer is what counts; a greeting that a client keeps to itself,
    or tells in words of its own, is noted where there is no answer to go by.
    """
    told = answers = unshown = 0
    for client in x.clients:
        output = x.trace.output(client.program)
        shown = plain(output).replace("\n", " ")
        for line in _lines_told(client):
            told += 1
            answer = _messages_in(x, line)
            answers += bool(answer)
            if _is_shown(x, line, shown):
                continue
            unshown += 1
            if answer:
                return bad(
                    x,
                    "a client does not print what the server sends",
                    x.sentence_at(client),
                    expected="%s on %s" % (line, client.host),
                    seen=output.strip()[-200:] or "nothing",
                )
    if _without_tcp(x):
        one, two = _as_typed(x)
        told = answers = all(
            plain(one.message) in plain(x.trace.output(c.program))
            and plain(two.message) in plain(x.trace.output(c.program))
            for c in x.clients
        )
    if not told:
        return nothing(x, "the clients get nothing that they could print")
    if unshown and not answers:
        return nothing(x, "a client does not print what the server sends")
    note = "a client does not print the greeting as it came" if unshown else ""
    return good(
        x,
        "the clients print what they get",
        *(x.sentence_at(client) for client in x.clients),
        note=note,
    )


def _messages_in(x: Exchange, line: str) -> List[str]:
    """The clients' messages that a line repeats."""
    words = plain(line)
    names = [plain(client.message) for client in x.clients if client.message]
    return [name for name in names if name in words]


def _is_shown(x: Exchange, line: str, shown: str) -> bool:
    """Whether a terminal shows what a line means, framing and wrapping
    aside: the messages of a sentence, the letter of an announcement."""
    words = plain(line)
    if words in shown:
        return True
    said = _messages_in(x, line)
    if said:
        return all(name in shown for name in said)
    letters = sentences.announced(line)
    if letters:
        return all(
            letter in sentences.announced(shown) for letter in letters
        )
    # Length fields, separators, the names of JSON fields: no text at all.
    return len(re.findall(r"[a-z]{3,}", words)) < 2


def _without_tcp(x: Exchange) -> bool:
    """The programs run and were typed at, but speak over something else."""
    return (
        not x.trace.connections
        and len(x.clients) == 2
        and len(x.trace.facts["typed"]) == 2
    )


def _as_typed(x: Exchange) -> Tuple[Client, ...]:
    """The clients with the messages that were typed into them."""
    messages = x.trace.facts["messages"]
    return tuple(replace(c, message=messages[c.host]) for c in x.clients)


def _lines_told(client: Client) -> Iterator[str]:
    """Each line of each segment that came, as plain words."""
    for _n, piece in client.heard:
        for line in decode(piece).replace("\0", "").split("\n"):
            line = line.strip()
            if line.lower().startswith("from server:"):
                line = line[len("from server:") :].strip()
            if any(letter.isalnum() for letter in line):
                yield line
