"""What happened in a run?

A Trace wraps the record of one scenario and answers what checks ask: what a
program printed, which connections were made, what passed through them in
which order. Nothing here judges. Events are named by their number `n`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Dict, Iterator, List, Optional, Sequence, Tuple

from grader import text
from grader.model import Event, Evidence, Outcome, ScenarioRecord
from grader.state import State, address_of

#: Bytes, half of them at either end: nobody reads more of a program that prints
#: without end.
MOST_OUTPUT = 1 << 17
_SEQUENCE_SPACE = 1 << 32


@dataclass
class Stream:
    """The bytes that passed through a connection one way, in their order."""

    chunks: List[Tuple[int, bytes]] = field(default_factory=list)
    first: Optional[int] = None  # sequence number of the SYN
    _next: Optional[int] = None
    _early: Dict[int, Tuple[int, bytes]] = field(default_factory=dict)

    @property
    def data(self) -> bytes:
        return b"".join(piece for _n, piece in self.chunks)

    @property
    def said(self) -> str:
        return text.decode(self.data)

    def event_of(self, wanted: bytes) -> Optional[int]:
        """The event that brought the last byte of `wanted`."""
        at = self.data.find(wanted)
        if at < 0:
            return None
        end = at + len(wanted)
        for n, piece in self.chunks:
            end -= len(piece)
            if end <= 0:
                return n
        return None

    def before(self, n: int) -> str:
        """What had passed when event `n` happened."""
        return text.decode(b"".join(p for k, p in self.chunks if k < n))

    def after(self, n: int) -> str:
        """What passed from event `n` on."""
        return text.decode(b"".join(p for k, p in self.chunks if k >= n))

    @property
    def incomplete(self) -> bool:
        """Something passed of which the part before it was never seen."""
        return bool(self._early)

    def begin(self, sequence: int) -> None:
        """Take a SYN; one that is sent again changes nothing."""
        if self.first is None:
            self.first = sequence
            self._next = (sequence + 1) % _SEQUENCE_SPACE

    def add(self, n: int, sequence: int, piece: bytes) -> None:
        """Take a segment; what was sent again counts once."""
        if self._next is None:
            self._next = sequence
        if self._ahead(sequence) > 0:
            known = self._early.get(sequence)
            if known is None or len(known[1]) < len(piece):
                self._early[sequence] = (n, piece)
            return
        self._append(n, sequence, piece)
        # A segment that fills a gap may reach into those behind it.
        for sequence in sorted(self._early, key=self._ahead):
            if self._ahead(sequence) > 0:
                break
            self._append(n, sequence, self._early.pop(sequence)[1])

    def _ahead(self, sequence: int) -> int:
        """How far from the next byte on; negative: what is known already."""
        ahead = (sequence - (self._next or 0)) % _SEQUENCE_SPACE
        half = _SEQUENCE_SPACE // 2
        return ahead - _SEQUENCE_SPACE if ahead >= half else ahead

    def _append(self, n: int, sequence: int, piece: bytes) -> None:
        piece = piece[-self._ahead(sequence) :]
        if piece:
            self.chunks.append((n, piece))
            self._next = ((self._next or 0) + len(piece)) % _SEQUENCE_SPACE


@dataclass
class Connection:
    """One TCP connection as it passed the server's interface."""

    client: str  # address and port
    server: str
    opened: int  # event of the SYN
    established: Optional[int] = None  # event of the server's SYN, ACK
    to_server: Stream = field(default_factory=Stream)
    to_client: Stream = field(default_factory=Stream)
    closed_by_client: Optional[int] = None
    closed_by_server: Optional[int] = None
    reset: Optional[int] = None
    reset_by_server: Optional[int] = None

    @property
    def client_address(self) -> str:
        return address_of(self.client)


class Trace:
    """One run, ready to be asked."""

    def __init__(self, record: ScenarioRecord) -> None:
        self.record = record
        self.name = record.name
        self.facts: Dict[str, Any] = record.facts
        self.events = record.events
        self.finished = record.outcome is Outcome.FINISHED
        self.connections = tuple(connections(record.events))
        self._outputs: Dict[Tuple[str, int], str] = {}

    def evidence(self, *events: Optional[int]) -> Evidence:
        """Evidence in this run; events that are None are left out."""
        return Evidence(
            self.name, tuple(sorted({n for n in events if n is not None}))
        )

    def output(self, program: str, since: int = 0) -> str:
        """What the program's terminal showed, from event `since` on."""
        if (program, since) not in self._outputs:
            # Who types at a terminal sees the line end that was typed.
            data = b"".join(
                b"\n" if e["ev"] == "typed" else text.event_bytes(e)
                for e in self.of(program, "output", "typed")
                if e["n"] >= since
            )
            self._outputs[program, since] = text.shown(text.decode(_read(data)))
        return self._outputs[program, since]

    def output_event(self, program: str, wanted: str) -> Optional[int]:
        """The event with which `wanted` had been printed (plain words)."""
        events = list(self.of(program, "output"))
        pieces = [text.event_bytes(event) for event in events]

        def printed(count: int) -> bool:
            data = _read(b"".join(pieces[:count]))
            return wanted in text.plain(text.shown(text.decode(data)))

        if not events or not printed(len(events)):
            return None
        least, enough = 0, len(events)
        while enough - least > 1:  # some programs print without end
            middle = (least + enough) // 2
            least, enough = (
                (least, middle) if printed(middle) else (middle, enough)
            )
        return int(events[enough - 1]["n"])

    def of(self, program: str, *kinds: str) -> Iterator[Event]:
        """The program's own events of these kinds."""
        for event in self.events:
            if event.get("program") == program and event["ev"] in kinds:
                yield event

    def exit_of(self, program: str) -> Optional[Event]:
        """How the program ended by itself; None if we ended it."""
        until = self.facts.get("closing", len(self.events) + 1)
        last = None
        for event in self.of(program, "started", "exit"):
            if event["n"] < until:
                # One that was started again has not ended by then.
                last = event if event["ev"] == "exit" else None
        return last

    def failed(self, program: str) -> bool:
        """Whether it ended with a signal, or a status other than 0; whether
        that was a crash, ends.py tells."""
        event = self.exit_of(program)
        return event is not None and event.get("code") != 0

    def state(self, n: int) -> State:
        return State(self.events[n - 1])

    def states(self) -> Iterator[State]:
        for event in self.events:
            if event["ev"] == "state":
                yield State(event)


def _read(output: bytes) -> bytes:
    """So much of a program's output as is read: both ends, where it is long."""
    if len(output) <= MOST_OUTPUT:
        return output
    half = MOST_OUTPUT // 2
    return output[: half - 1] + b"\n" + output[-half:]


def connections(events: Sequence[Event]) -> List[Connection]:
    """The connections in a run's events, in the order of their SYNs."""
    live: Dict[Tuple[str, str], Connection] = {}
    found: List[Connection] = []
    for event in events:
        if event["ev"] != "packet":
            continue
        ends = (event["src"], event["dst"])
        flags = event["flags"]
        if "S" in flags and "A" not in flags:
            known = live.get(ends)
            # A SYN that is sent again has the number of the first one.
            if known is None or known.to_server.first != event["seq"]:
                known = Connection(ends[0], ends[1], event["n"])
                live[ends] = known
                found.append(known)
            known.to_server.begin(event["seq"])
        elif ends in live:
            _take(live[ends], event, from_client=True)
        elif ends[::-1] in live:
            _take(live[ends[::-1]], event, from_client=False)
    return found


def _take(connection: Connection, event: Event, from_client: bool) -> None:
    n, flags = event["n"], event["flags"]
    stream = connection.to_server if from_client else connection.to_client
    if "S" in flags:
        connection.established = connection.established or n
        stream.begin(event["seq"])
    if event["len"]:
        stream.add(n, event["seq"], _payload(event))
    if "R" in flags:
        connection.reset = connection.reset or n
        if not from_client:
            connection.reset_by_server = connection.reset_by_server or n
    if "F" in flags and from_client:
        connection.closed_by_client = connection.closed_by_client or n
    elif "F" in flags:
        connection.closed_by_server = connection.closed_by_server or n


def _payload(event: Event) -> bytes:
    """Where labrun cut the text of a long segment, zeros keep its length."""
    data = text.event_bytes(event)
    missing = int(event["len"]) - len(data)
    return data + b"\0" * max(0, missing)
