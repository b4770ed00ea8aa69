"""What did guests and server say to one another in a run?

Reads a trace in the words of the lab: who came, under which name, what came
back for each line that was typed. Nothing here judges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, FrozenSet, List, Optional, Tuple

from grader.api import Trace, decode, plain

#: The byte of a length may stand before it.
_NUMBERED = re.compile(r"client[\s_#:-]*0*(\d{1,3})(?!\d)")
#: A time of day, a date, or seconds since the epoch.
_TIME = re.compile(
    r"(?<!\d)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::\d{2})?(?!\d)"
    r"|\d{4}-\d{2}-\d{2}[ T_](?P<hour2>\d{2})[-.](?P<minute2>\d{2})(?!\d)"
    r"|datetime\.?(?:datetime)?\((?:\d+, *){3}(?P<hour3>\d+), *(?P<minute3>\d+)"
    r"|tm_hour=(?P<hour4>\d+), *tm_min=(?P<minute4>\d+)"
    r"|(?<!\d)(?P<seconds>1[5-9]\d{8})(?:\d{3})?(?!\d)"
)
_SECOND = re.compile(
    r"(?<!\d)(?:\d{1,2}:\d{2}:\d{2}|1[5-9]\d{8})(?:[.,]\d{1,9})?(?!\d)"
)
#: What may stand between a line and its ACK.
_ACK_IN_BINARY = r"\s?[-\u2013:,>|(\[<{*\"']{0,3}\s?[(\[<{*\"']{0,2}ACK"
_ACK = _ACK_IN_BINARY + "(?![a-z])"
#: What no text has: bytes of a format.
_BINARY = re.compile(r"[\x00-\x06\x0e-\x1a]")


@dataclass(frozen=True)
class Guest:
    """One client, as it came in."""

    host: str
    place: int  # 1 for the first to come
    outcome: str  # "ready", "ended", "waiting"
    typed_name: str  # "" if it was not asked
    greeting: str  # what the server told it while it came in
    announced: str  # what it told the server meanwhile
    server_output: str  # what the server printed meanwhile
    begin: int
    end: int

    def numbers(self) -> FrozenSet[int]:
        """The numbers that it goes by, `Client01` being 1, where the server
        or the client itself says so while it comes in."""
        for text in (self.greeting, self.announced, self.server_output):
            found = {int(n) for n in _NUMBERED.findall(plain(text))}
            if found:
                return frozenset(found)
        return frozenset()


@dataclass(frozen=True)
class Said:
    """One line that was typed, and what came back."""

    host: str
    kind: str
    text: str
    n: Optional[int]  # None: it could not be typed
    end: int
    reply: str
    sent: str  # what the client made of it


class Visit:
    """A run, in the words of the lab."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        facts: List[Dict[str, Any]] = trace.facts.get("guests", [])
        self.guests: Tuple[Guest, ...] = tuple(
            self._guest(fact, place) for place, fact in enumerate(facts, 1)
            if "end" in fact
        )
        self.said: Tuple[Said, ...] = tuple(
            Said(
                f["host"], f["kind"], f["text"], f["n"], f["end"],
                self._told(f["host"], f["n"] or f["end"], f["end"]),
                self._sent(f["host"], f["n"] or f["end"], f["end"]),
            )
            for f in trace.facts.get("said", [])
            if "end" in f
        )

    def numbers(self, guest: Guest) -> FrozenSet[int]:
        """The numbers a guest goes by, also as the record has them."""
        found = guest.numbers()
        if found or not guest.typed_name:
            return found
        for said in self.said:
            if not said.kind.startswith("status"):
                continue
            for line in plain(said.reply).split("\n"):
                if plain(guest.typed_name) in line:
                    return frozenset(int(n) for n in _NUMBERED.findall(line))
        return frozenset()

    def is_in(self, guest: Guest, reply: str) -> bool:
        """Whether a record has this guest, by a name or a number of its."""
        text = plain(reply)
        if guest.typed_name and plain(guest.typed_name) in text:
            return True
        told = {int(n) for n in _NUMBERED.findall(text)}
        return bool(told & (self.numbers(guest) or {guest.place}))

    def one(self, kind: str) -> Optional[Said]:
        """The first line of this kind."""
        return next((said for said in self.said if said.kind == kind), None)

    def last(self, kind: str) -> Optional[Said]:
        """The last line of this kind."""
        return next((s for s in reversed(self.said) if s.kind == kind), None)

    def guest(self, host: str) -> Optional[Guest]:
        return next((g for g in self.guests if g.host == host), None)

    def reached(self, said: Said, host: str) -> bool:
        """Whether a line came to another guest while it was answered."""
        return said.n is not None and said.text in self._told(
            host, said.n, said.end
        )

    def _guest(self, fact: Dict[str, Any], place: int) -> Guest:
        host, begin, end = fact["host"], fact["begin"], fact["end"]
        output = self.trace.output("server", begin)
        later = self.trace.output("server", end + 1)
        return Guest(
            host, place, fact["outcome"], fact["name"],
            self._told(host, begin, end), self._sent(host, begin, end),
            output[: len(output) - len(later)], begin, end,
        )

    def _told(self, host: str, begin: int, end: int) -> str:
        return self._bytes(host, begin, end, to_client=True)

    def _sent(self, host: str, begin: int, end: int) -> str:
        return self._bytes(host, begin, end, to_client=False)

    def _bytes(self, host: str, begin: int, end: int, to_client: bool) -> str:
        address = self.trace.facts["hosts"].get(host)
        data = b""
        for connection in self.trace.connections:
            if connection.client_address != address:
                continue
            stream = connection.to_client if to_client else connection.to_server
            data += b"".join(p for n, p in stream.chunks if begin < n <= end)
        return decode(data)


def times(text: str) -> int:
    """How many times of day a text has."""
    return len(minutes(text))


def seconds(text: str) -> List[str]:
    """The times in a text that tell the second, as they are written."""
    return _SECOND.findall(text)


def minutes(text: str) -> List[int]:
    """The minute of the hour of every time of day in a text."""
    found: List[int] = []
    for match in _TIME.finditer(text):
        parts = match.groupdict()
        if parts["seconds"]:
            found.append(int(parts["seconds"]) // 60 % 60)
        else:
            found += [int(value) for name, value in parts.items()
                      if value and name.startswith("minute")]
    return found


def acknowledged(said: Said) -> str:
    """"exact": the line came back with ACK appended, as it was typed or as
    the client sent it; "blanks": all but blanks did; "": not so."""
    for text in _as_sent(said):
        if echoed(text, said.reply):
            return "exact"
    blanks = r"\s+".join(re.escape(word) for word in said.text.split())
    if re.search(blanks + r"\s*" + _ACK, said.reply, re.IGNORECASE):
        return "blanks"
    return ""


def echoed(text: str, reply: str) -> bool:
    """Whether a text has come back with ACK appended. In a binary message any
    byte may stand behind it."""
    end = _ACK_IN_BINARY if _BINARY.search(reply) else _ACK
    return bool(re.search(re.escape(text) + end, reply))


def _as_sent(said: Said) -> List[str]:
    """The line as the server got it: all that the client sent for it, or
    the line alone where the client wraps it in something (a length, a JSON
    object), without outer blanks where the client takes them off."""
    line = said.text
    if line not in said.sent and line.strip() in said.sent:
        line = line.strip()
    whole = said.sent.rstrip("\r\n\0")
    return [whole, line] if line in whole else [line]
