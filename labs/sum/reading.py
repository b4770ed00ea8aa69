"""What did the programs of this lab say to one another in a run?

A Visit is one client's exchange with the server: what its user typed, what
passed between them, what both printed meanwhile. Nothing here judges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Tuple

from grader.api import Connection, Trace, before_crash, decode, plain

from .encoded import readable
from .names import Name, names_in, shows, typed_name
from .numbers import Told, has_number, integers, numbers_in


@dataclass(frozen=True)
class Visit:
    """One client's exchange."""

    program: str  # the client's name in the trace
    wanted: int  # what its user was to type
    number: int  # what was sent, where the user was not asked
    typed: Optional[int]  # the event; None if it never asked
    name: str  # the name that was typed, "" if it never asked
    connections: Tuple[Connection, ...]
    client_output: str
    server_output: str  # from the client's start to its end
    server_start: str  # what the server printed before anybody came
    own_name: str  # the name that was typed at the server, "" if none
    begin: int
    end: int
    others: Tuple[Told, ...] = ()  # other messages of this run
    usual: FrozenSet[int] = frozenset()  # the server's, in every visit

    @property
    def served(self) -> bool:
        """Whether the server took notice: it answered, or printed the
        number."""
        return bool(self.got) or self.number in integers(
            before_crash(self.server_output)
        )

    @property
    def sent(self) -> bytes:
        return readable(b"".join(c.to_server.data for c in self.connections))

    @property
    def arrived(self) -> bool:
        """Whether what the user was to type came to the server, over
        whatever it speaks."""
        return self.sent_number(self.wanted) or self.unreadable or (
            not self.connections
            and self.wanted in integers(self.server_output)
        )

    @property
    def unreadable(self) -> bool:
        """Whether the number came to the server in a form that is unknown
        here: typed at the client, shown by the server, not seen between."""
        return (
            self.typed is not None
            and bool(self.sent)
            and not self.sent_number(self.number)
            and self.number in integers(before_crash(self.server_output))
        )

    @property
    def got(self) -> bytes:
        return readable(b"".join(c.to_client.data for c in self.connections))

    @property
    def replied_at(self) -> Optional[int]:
        chunks = [n for c in self.connections for n, _p in c.to_client.chunks]
        return max(chunks) if chunks else None

    @property
    def sent_at(self) -> Optional[int]:
        chunks = [n for c in self.connections for n, _p in c.to_server.chunks]
        return max(chunks) if chunks else None

    def sent_number(self, number: int) -> bool:
        return has_number(self.sent, number, self.others)

    # Names.

    @property
    def client_names(self) -> Tuple[Name, ...]:
        """What may be the client's name, from what it sent."""
        if self.name and plain(self.name) in plain(decode(self.sent)):
            return (typed_name(self.name),)
        return names_in(self.sent, "client")

    @property
    def server_names(self) -> Tuple[Name, ...]:
        """What may be the server's name, from its reply."""
        reply = plain(decode(self.got))
        if self.own_name and plain(self.own_name) in reply:
            return (typed_name(self.own_name),)
        found = names_in(self.got, "server")
        # A server may say first whom it answers.
        mine = [name for name in found if name not in self.client_names]
        if mine or "server" in reply or self.answered_alike:
            return tuple(mine) or found
        return ()

    @property
    def answered_alike(self) -> bool:
        """Whether the reply is the message with another number in it: then
        both sides have one name, and it is no echo."""
        sent, got = decode(self.sent), decode(self.got)
        return sent != got and _digitless(sent) == _digitless(got)

    @property
    def sent_as_byte(self) -> bool:
        """Whether the number is a single byte of what the client sent."""
        return (self.sent_number(self.number)
                and self.number not in numbers_in(self.sent))

    def client_name_in(self, output: str) -> bool:
        names = self.client_names
        if not names:  # none was sent: one that is called so
            return bool(re.search(r"client (?:of|name)\b", output))
        return shows(output, "client", names, self.server_names)

    def server_name_in(self, output: str) -> bool:
        names = self.server_names
        if not names:
            return bool(re.search(r"server (?:of|name)\b", output))
        return shows(output, "server", names, self.client_names)

    # Numbers.

    @property
    def shown_by_server(self) -> str:
        """Its output; what it said of itself as it started counts too."""
        return self.server_start + "\n" + self.server_output

    @property
    def own_number(self) -> Optional[int]:
        """The server's number, where reply and outputs show one.

        The number m for which n + m is shown too, first of all one that does
        not change with n; else one that stands beside n in the reply."""
        shown, told, usual = self._shown, numbers_in(self.got), self.usual
        for candidates, most in (
            (told & usual, 10**9), (usual, 100), (told & shown, 10**9),
            (told, 10**9), (shown, 100),
        ):
            for m in sorted(candidates):
                if 1 <= m <= most and self.number + m in shown:
                    return m
        rest = [m for m in sorted(told) if 1 <= m <= 100 and m != self.number]
        return rest[0] if rest else None

    @property
    def own_numbers(self) -> FrozenSet[int]:
        """What the server's number may be: shown, and so is its sum with n."""
        shown = self._shown
        return frozenset(m for m in shown if self.number + m in shown)

    @property
    def _shown(self) -> FrozenSet[int]:
        return (integers(self.server_output) | integers(self.client_output)
                | integers(decode(self.got)))


def _digitless(text: str) -> str:
    return re.sub(r"[\d-]+", "", text)


def visits(trace: Trace) -> List[Visit]:
    """The visits of a run, in their order."""
    found = [_visit(trace, fact) for fact in trace.facts.get("visits", [])]
    told = [(v.sent, v.number) for v in found]
    sums = [v.own_numbers for v in found if v.got]
    usual = frozenset.intersection(*sums) if len(sums) > 1 else frozenset()
    return [
        replace(v, others=tuple(t for t in told if t[0] and t[1] != v.number),
                usual=usual)
        for v in found
    ]


def _visit(trace: Trace, fact: Dict[str, Any]) -> Visit:
    made = _connections(trace, fact)
    first = min(f["begin"] for f in trace.facts["visits"])
    return Visit(
        program=fact["program"],
        wanted=int(fact["number"]),
        number=_number(fact, made),
        typed=fact["typed"],
        name=fact["name"],
        connections=made,
        client_output=plain(trace.output(fact["program"])),
        server_output=plain(
            _between(trace, "server", fact["begin"], fact["end"])
        ),
        server_start=plain(_between(trace, "server", 0, first)),
        own_name=str(trace.facts.get("own-name", "")),
        begin=fact["begin"],
        end=fact["end"],
    )


def _connections(trace: Trace, fact: Dict[str, Any]) -> Tuple[Connection, ...]:
    """The connections of a visit: of its host, since it began."""
    address = trace.facts["hosts"][fact["host"]]
    return tuple(
        c
        for c in trace.connections
        if c.client_address == address
        and c.established is not None
        and fact["begin"] <= c.opened <= fact["end"]
    )


def _number(fact: Dict[str, Any], made: Sequence[Connection]) -> int:
    """What the user typed; what was sent, where the user was not asked."""
    typed = int(fact["number"])
    if fact["typed"] is not None:
        return typed
    # A team's number may stand in the name: the last one is the message's.
    sent = decode(readable(b"".join(c.to_server.data for c in made)))
    told = re.findall(r"(?<![\w.])\d{1,3}(?![\w.])", sent)
    return int(told[-1]) if told else typed


def _between(trace: Trace, program: str, begin: int, end: int) -> str:
    everything = trace.output(program, begin)
    after = trace.output(program, end + 1)
    return everything[: len(everything) - len(after)]
