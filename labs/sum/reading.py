"""What did the programs of this lab say to one another in a run?

A Visit is one client's exchange with the server: what its user typed, what
passed between them, what both printed meanwhile. Hand-ins differ freely in
their format, so names and numbers are looked for and not a layout. Nothing
here judges.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from typing import Any, Dict, FrozenSet, List, Optional, Sequence, Set, Tuple

from grader.api import Connection, Trace, decode, plain

#: Words that say what something is, and are no name.
_GENERIC = frozenset(
    "a an and are as at back be by client clients connect connected connection"
    " data combined for from got has have hello hi i in int integer is it its"
    " message msg my name nbsp no num number of on own received recv reply"
    " response result s send sent server servers sum the their this to total"
    " value was we with you your".split()
)
_PACKED = (">i", "<i", ">q", "<q", ">h", "<h")


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
    begin: int
    end: int

    @property
    def served(self) -> bool:
        """Whether the server took notice: it answered, or printed the
        number."""
        return bool(self.got) or self.number in integers(self.server_output)

    @property
    def sent(self) -> bytes:
        return b"".join(c.to_server.data for c in self.connections)

    @property
    def arrived(self) -> bool:
        """Whether what the user was to type came to the server, over
        whatever it speaks."""
        return has_number(self.sent, self.wanted) or (
            not self.connections
            and self.wanted in integers(self.server_output)
        )

    @property
    def got(self) -> bytes:
        return b"".join(c.to_client.data for c in self.connections)

    @property
    def replied_at(self) -> Optional[int]:
        chunks = [n for c in self.connections for n, _p in c.to_client.chunks]
        return max(chunks) if chunks else None

    @property
    def sent_at(self) -> Optional[int]:
        chunks = [n for c in self.connections for n, _p in c.to_server.chunks]
        return max(chunks) if chunks else None

    @property
    def client_name(self) -> FrozenSet[str]:
        """The words of the client's name, from what it sent."""
        return name_words(self.sent)

    @property
    def server_name(self) -> FrozenSet[str]:
        """The words of the server's name, from its reply."""
        return name_words(self.got) - self.client_name

    @property
    def server_words(self) -> FrozenSet[str]:
        """The words that stand behind `Server` in the reply, or else its
        words that the server prints too."""
        reply = plain(decode(self.got))
        match = re.search(r"server(?: name)?(?: of|:| is)?([^\n:,;|\d]*)", reply)
        if match and name_words(match.group(1).encode()):
            return name_words(match.group(1).encode())
        if "server" in reply:
            return name_words(self.got)
        return frozenset(
            word for word in self.server_name if word in self.server_output
        )

    @property
    def own_number(self) -> Optional[int]:
        """The server's number, where reply and outputs show one.

        The number m for which n + m is shown too; else one that stands
        beside n in the reply."""
        shown = integers(self.server_output) | integers(self.client_output)
        shown |= integers(decode(self.got))
        told = integers(decode(self.got)) | set(_unpacked(self.got))
        fits = [
            m
            for m in sorted(shown | told)
            if 1 <= m <= 100 and self.number + m in shown
        ]
        for wanted in (told, shown):
            for m in fits:
                if m in wanted:
                    return m
        rest = [m for m in sorted(told) if 1 <= m <= 100 and m != self.number]
        return rest[0] if rest else None


def visits(trace: Trace) -> List[Visit]:
    """The visits of a run, in their order."""
    found = []
    for fact in trace.facts.get("visits", []):
        address = trace.facts["hosts"][fact["host"]]
        made = tuple(
            c
            for c in trace.connections
            if c.client_address == address
            and c.established is not None
            and fact["begin"] <= c.opened
        )
        found.append(
            Visit(
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
                begin=fact["begin"],
                end=fact["end"],
            )
        )
    return found


def _number(fact: Dict[str, Any], made: Sequence[Connection]) -> int:
    """What the user typed; what was sent, where the user was not asked."""
    typed = int(fact["number"])
    if fact["typed"] is not None:
        return typed
    sent = b"".join(c.to_server.data for c in made)
    if has_number(sent, typed):
        return typed
    # A team's number may stand in the name: the last one is the message's.
    told = re.findall(r"(?<![\w.])\d{1,3}(?![\w.])", decode(sent))
    return int(told[-1]) if told else typed


def has_number(data: bytes, number: int) -> bool:
    """Whether a number is in these bytes, as text or packed."""
    return number in integers(decode(data)) or number in _unpacked(data)


def integers(text: str) -> Set[int]:
    """Every whole number that stands by itself in a text."""
    found = set()
    for match in re.finditer(r"(?<![\d.])([-−]?)(\d{1,9})(?![\d]|\.\d)", text):
        value = int(match.group(2))
        found.add(value)
        if match.group(1):
            found.add(-value)
    return found


def _unpacked(data: bytes) -> List[int]:
    """Numbers in a short binary message."""
    if len(data) > 512 or all(32 <= b < 127 or b in b"\r\n\t" for b in data):
        return []
    found = []
    for form in _PACKED:
        size = struct.calcsize(form)
        for at in range(0, len(data) - size + 1):
            found.append(int(struct.unpack_from(form, data, at)[0]))
    return found


def name_words(data: bytes) -> FrozenSet[str]:
    """The words in a message that are neither numbers nor generic."""
    text = re.sub(r"[^ -~\u00a0-\uffff]+", " ", decode(data))
    words = re.findall(r"[^\W\d_]+", plain(text))
    # A byte of a packed number may look like a letter.
    least = 2 if b"\0" in data else 1
    return frozenset(
        word for word in words if word not in _GENERIC and len(word) >= least
    )


def names_somebody(data: bytes, who: str) -> bool:
    """Whether a message has a name in it, if only `Client`."""
    return bool(name_words(data)) or who in plain(decode(data))


def shows_client(output: str, v: "Visit") -> bool:
    """Whether an output has the client's name. Where both sides have one
    name (a team's), the server's own `Server of ...` does not count."""
    if v.server_words & v.client_name or not v.client_name:
        output = re.sub(r"server(?: name)?(?: of|:)[^\n,;|]*|\w+-server\b",
                        " ", output)
    if not v.client_name:
        return bool(re.search(r"client \w", output))
    return all(word in output for word in v.client_name)


def shows_server(output: str, v: "Visit") -> bool:
    """Whether an output has the server's name."""
    words = v.server_words
    if words & v.client_name:  # both have one name: `Server of ...` tells
        word = re.escape(min(words))
        return bool(
            re.search(r"server\b[^\n]*\b%s|\b%s\W{0,2}server\b" % (word, word),
                      output)
        )
    if words:
        return all(word in output for word in words)
    return bool(re.search(r"server (?:of|name)\b", output))


def _between(trace: Trace, program: str, begin: int, end: int) -> str:
    everything = trace.output(program, begin)
    after = trace.output(program, end + 1)
    return everything[: len(everything) - len(after)]
