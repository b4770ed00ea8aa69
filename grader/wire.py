"""What has passed between a host and the server so far?

Questions that a script asks in the middle of a run, answered from the events
of the capture at the server's host. `address` is the other host's. Only what
labrun repeats of a segment can be looked into.
"""

from __future__ import annotations

import re
from typing import Iterator, List, Sequence

from grader import text
from grader.model import Event

#: The sides of a packet, as the protocol names them.
FROM, TO = "src", "dst"
_ESCAPE = re.compile(rb"\\(?:n|\\|x([0-9a-f]{2}))")


def answered(events: Sequence[Event], address: str) -> bool:
    """Whether a connection from this host was answered; it may be over."""
    return any(
        event["flags"].startswith("SA")
        for event in _packets(events, address, TO, 0)
    )


def count(
    events: Sequence[Event], address: str, side: str, since: int = 0
) -> int:
    """Bytes from or to this host after event `since`."""
    return sum(
        int(event["len"]) for event in _packets(events, address, side, since)
    )


def chunks(
    events: Sequence[Event], address: str, side: str, since: int = 0
) -> List[bytes]:
    """The payloads from or to this host, segment by segment."""
    return [
        text.event_bytes(event)
        for event in _packets(events, address, side, since)
        if event["len"]
    ]


def heard(
    events: Sequence[Event], peer: str, since: int = 0, connection: int = 1
) -> bytes:
    """What a labpeer has printed as received (c_src/bin/labpeer.c)."""
    said = b"".join(
        text.event_bytes(event)
        for event in events
        if event["ev"] == "output"
        and event["program"] == peer
        and event["n"] > since
    )
    head = b"%d received " % connection
    return b"".join(
        _ESCAPE.sub(_unescaped, line[len(head) :])
        for line in said.split(b"\n")
        if line.startswith(head)
    )


def _packets(
    events: Sequence[Event], address: str, side: str, since: int
) -> Iterator[Event]:
    for event in events:
        if (
            event["ev"] == "packet"
            and event["n"] > since
            and event[side].rpartition(":")[0] == address
        ):
            yield event


def _unescaped(match: "re.Match[bytes]") -> bytes:
    if match.group(1):
        return bytes.fromhex(match.group(1).decode())
    return b"\n" if match.group() == b"\\n" else b"\\"
