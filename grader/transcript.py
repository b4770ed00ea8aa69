"""What happened in a run, told so that every re-run tells it the same?

What the driver did are the steps: it started a program, typed, sent a signal.
Below each step stands what came of it, program by program and connection by
connection, and not in the order of time: what two programs do at once has no
order of its own. There are no times, no ports that the kernel picked and no
process numbers. A run whose course its script leaves to chance (it says so
with `run.facts["chance"]`) has no transcript.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any, Dict, List, Optional, Sequence, Tuple

from grader import text
from grader.model import Event, Outcome, ScenarioRecord
from grader.state import address_of, port_of
from grader.trace import MOST_OUTPUT, Connection, Stream, connections

_LONG = 4096  # bytes; more of one text is told by its hash
_NUMBER = re.compile(r"\d{4,5}")


def of_record(record: ScenarioRecord) -> List[Dict[str, Any]]:
    """The steps of a run: `did`, and `then`, which has lines for each actor."""
    if record.facts.get("chance") or record.outcome is Outcome.HARNESS:
        return []
    end = int(record.facts.get("closing", len(record.events) + 1))
    events = [event for event in record.events if event["n"] < end]
    acts = _acts(events)
    met = connections(events)
    steps = []
    for at, (since, did) in enumerate(acts):
        until = acts[at + 1][0] if at + 1 < len(acts) else end
        then = _Then(record, met, since, until)
        for event in events:
            then.take(event)
        for connection in met:
            then.follow(connection)
        then.finish()
        steps.append({"did": did, "then": then.told})
    return steps


def _measure(data: bytes) -> str:
    return "%d bytes, SHA-256 %s" % (len(data), hashlib.sha256(data).hexdigest())


def _acts(events: Sequence[Event]) -> List[Tuple[int, str]]:
    """What the driver did, each with the event from which on it may show.

    labrun may tell what came of a command before it tells of the command
    itself; but never before it has answered the command before that one.
    """
    acts = []
    answered = 0
    for event in events:
        did = _act(event)
        if did:
            acts.append((answered + 1, did))
        if "id" in event:
            answered = int(event["n"])
    return acts


def _act(event: Event) -> str:
    """What the driver did, if that is what the event tells."""
    who = event.get("program", "")
    if event["ev"] == "started":
        return "start %s" % who
    if event["ev"] == "typed":
        return "type into %s: %s" % (who, event.get("text", ""))
    if event["ev"] == "signalled":
        return "signal %s to %s" % (event.get("signal", ""), who)
    return ""


def _closings(connection: Connection) -> Tuple[Optional[int], Optional[int]]:
    """When client and server closed, without what is left to chance.

    Who has closed answers what still comes with a reset. Whether the other
    side's own end has passed by then depends on how fast the network is.
    """
    client, server = connection.closed_by_client, connection.closed_by_server
    if connection.reset is not None and client and server:
        if client < server and connection.reset_by_server is None:
            return client, None
        if server < client and connection.reset_by_server is not None:
            return None, server
    return client, server


class _Then:
    """What came of one step, from event `since` to before event `until`."""

    def __init__(
        self,
        record: ScenarioRecord,
        met: Sequence[Connection],
        since: int,
        until: int,
    ) -> None:
        self.told: Dict[str, List[str]] = {}
        self._since, self._until = since, until
        programs = record.facts.get("programs", {})
        self._peers = {name for name, about in programs.items() if about.get("peer")}
        self._picked = {str(port_of(connection.client)) for connection in met}
        hosts = record.facts.get("hosts", {})
        self._host_of = {str(ip): str(name) for name, ip in hosts.items()}
        self._printed: Dict[str, bytes] = {}

    def take(self, event: Event) -> None:
        """An event of one program: what it printed, that it ended."""
        if not self._here(event["n"]):
            return
        who = event.get("program", "")
        if event["ev"] == "output" and who not in self._peers:
            self._printed[who] = self._printed.get(who, b"") + text.event_bytes(event)
        elif event["ev"] == "exit":
            how = event.get("signal") or "status %s" % event.get("code")
            self.told["%s ends" % who] = [str(how)]

    def finish(self) -> None:
        """All that was printed has come."""
        for who, data in self._printed.items():
            printed = text.shown(text.decode(data[:MOST_OUTPUT]))
            lines = [line.rstrip() for line in printed.split("\n") if line.strip()]
            if len(data) > _LONG:
                lines = [_measure("\n".join(lines).encode("utf-8", "replace"))]
            self.told["%s prints" % who] = [self._portless(line) for line in lines]

    def _portless(self, told: str) -> str:
        """Without the ports that the kernel picked in this run."""
        return _NUMBER.sub(
            lambda match: "PORT" if match.group() in self._picked else match.group(),
            told,
        )

    def follow(self, connection: Connection) -> None:
        """What passed through a connection in this step."""
        client, server = self._name(connection.client), self._name(connection.server)
        if self._here(connection.opened):
            state = "connects" if connection.established else "is not answered"
            self._tell("%s to %s" % (client, server), state)
        client_closed, server_closed = _closings(connection)
        for one, other, stream, closed in (
            (client, server, connection.to_server, client_closed),
            (server, client, connection.to_client, server_closed),
        ):
            said = self._said(stream)
            if said:
                self._tell("%s to %s" % (one, other), "sends " + said)
            if self._here(closed):
                self._tell("%s to %s" % (one, other), "closes")

    def _said(self, stream: Stream) -> str:
        pieces = [piece for n, piece in stream.chunks if self._here(n)]
        data = b"".join(pieces)
        if len(data) > _LONG:
            return _measure(data)
        return self._portless(repr(text.decode(data))) if data else ""

    def _tell(self, who: str, what: str) -> None:
        self.told.setdefault(who, []).append(what)

    def _here(self, n: Any) -> bool:
        return n is not None and self._since <= int(n) < self._until

    def _name(self, endpoint: str) -> str:
        address = address_of(endpoint)
        return self._host_of.get(address, address)
