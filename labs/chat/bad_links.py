"""Does a large file arrive where the link loses packets, and does a client
that does not read hold up the others?

The files are asked for as in the run `files`, so that one comes first. Nothing
here is worth points, and the runs are made only where they are asked for
(`--links`): both take the seconds that a bad link takes.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, Mapping, Optional, Tuple

from grader.api import (
    Handle,
    Insight,
    Run,
    Trace,
    Traces,
    insight,
    learn,
    scenario,
)

from .library import BIG, Reader, own_client, text_file
from .rooms import HOSTS, SERVER, Room

NEAR, SLOW = HOSTS[:2]


def sends_large_files(traces: Traces) -> bool:
    """Whether a large file arrives where the links are sound."""
    return any(map(_all_whole, traces.of("files")))


def _all_whole(trace: Trace) -> bool:
    sent = trace.facts.get("transfers", [])
    return bool(sent) and all(transfer["whole"] for transfer in sent)


@learn
def how_a_file_is_asked_for(traces: Traces) -> Mapping[str, Any]:
    """What the submission's own client says for a file."""
    for trace in traces.of("files"):
        if "spoken" in trace.facts:
            return {"spoken": trace.facts["spoken"]}
    return {}


@scenario(
    when=sends_large_files,
    on_request=True,
    spare=True,
    links={NEAR: "lossy", SLOW: "lossy"},
)
def lossy_links(run: Run) -> None:
    """A large file for the submission's own client, and for one of ours."""
    room, name, content = _room_with_a_file(run)
    guest = room.enter(NEAR)
    if guest.ready:
        spoken = run.known["spoken"]
        if spoken["asking"]:
            room.ask(guest, "list")
        own_client(room, guest, name, spoken, {"big": content})
    reader = LateReader(room, run.known["spoken"])
    run.facts["transfer"] = reader.fetch(name, content)
    room.close()


@scenario(
    when=sends_large_files,
    on_request=True,
    spare=True,
    links={SLOW: "narrow"},
)
def slow_reader(run: Run) -> None:
    """A guest of ours asks for a large file and does not read; meanwhile
    another guest, the submission's own client, says two lines."""
    room, name, _content = _room_with_a_file(run)
    near = room.enter(NEAR)
    before = near.ready and bool(_is_answered(room))
    reader = LateReader(room, run.known["spoken"])
    asked = reader.ask_and_stop(name) if before else None
    if asked is not None:
        peer, since = asked
        run.facts["unread"] = run.received_by(peer, since)
        run.facts["begun"] = since
        # Two lines: what is relayed may hold up the server behind the first.
        run.facts["answered"] = _is_answered(room) and _is_answered(room)
        run.signal(peer, "CONT")
        run.until(lambda _state: len(run.heard(peer, since)) >= BIG)
        # A relayed line may stand in the middle of the file: count its bytes.
        run.facts["got"] = len(run.heard(peer, since))
        run.facts["open"] = bool(run.state.connections(peer.name))
    room.close()


def _room_with_a_file(run: Run) -> Tuple[Room, str, bytes]:
    """A server with one large file in its folder."""
    content = text_file(run, BIG)
    name = run.names.fresh().lower() + ".txt"
    return Room(run, {run.known["spoken"]["folder"] + name: content}), name, content


def _is_answered(room: Room) -> bool:
    """Whether the near guest gets an answer to a line."""
    run, near = room.run, room.guests[NEAR]
    said = room.say(near, run.names.fresh(), "echo")
    return said["n"] is not None and run.received_by(near.client, said["n"]) > 0


class LateReader(Reader):
    """A peer that can ask for a file without reading it."""

    def __init__(self, room: Room, spoken: Mapping[str, Any]) -> None:
        entering, asking, request = (
            [bytes.fromhex(chunk) for chunk in spoken[kind]]
            for kind in ("entering", "asking", "request")
        )
        super().__init__(room, entering, asking, request, spoken["known"])

    def ask_and_stop(self, name: str) -> Optional[Tuple[Handle, int]]:
        """A peer that has asked for a file and does not run from then on,
        and when it asked. The server may look when the peer has stopped."""
        run = self._room.run
        peer = self._come()
        if peer is None or not self._is_open(peer):
            return None
        server = Handle("server", "server", SERVER)
        *first, last = (
            chunk.replace(self._known, name.encode()) for chunk in self._request
        )
        for chunk in first:
            run.tell(peer, chunk)
            run.settle()
        since = run.now
        run.signal(server, "STOP")
        run.settle()  # a receive that is under way would still take it
        run.tell(peer, last)
        run.settle()
        run.signal(peer, "STOP")
        run.signal(server, "CONT")
        run.settle()
        return peer, since


@insight
def lossy_transfers(traces: Traces) -> Iterator[Insight]:
    """A file that arrives over sound links arrives over lossy ones."""
    for trace in traces.of("lossy_links"):
        sent: Dict[str, Any] = trace.facts.get("transfer") or {}
        if sent.get("asked") and not sent["whole"]:
            yield Insight(
                "lossy-link-breaks-file",
                "a file of 1 MiB does not arrive whole over a link that loses"
                " packets",
                "TCP sends again what was lost, and that takes time: send with"
                " sendall() or in a loop, without a short time limit, and close"
                " only after that.",
                (trace.evidence(sent["n"], sent["end"]),),
            )
            continue
        own: Dict[str, Any] = trace.facts.get("own-client") or {}
        if own and not own["big-kept"] and _kept_before(traces):
            yield Insight(
                "client-loses-file-over-lossy-link",
                "the client does not keep the whole of a file of 1 MiB where its"
                " link loses packets",
                "A pause is no end: read until as many bytes are there as the"
                " server said, however long that takes.",
                (trace.evidence(own["n"], own["end"]),),
            )


def _kept_before(traces: Traces) -> bool:
    """Whether the client keeps such a file where its link is sound."""
    return any(
        (trace.facts.get("own-client") or {}).get("big-kept")
        for trace in traces.of("files")
    )


@insight
def slow_readers(traces: Traces) -> Iterator[Insight]:
    """Who does not read holds up nobody, and misses nothing."""
    for trace in traces.of("slow_reader"):
        facts = trace.facts
        if not 0 < facts.get("unread", 0) < BIG:
            continue  # all of it fitted on the way, or nothing was sent
        where = trace.evidence(facts["begun"], facts.get("end"))
        if not facts.get("answered"):
            yield Insight(
                "slow-reader-holds-up-others",
                "while a client does not read the file that it asked for, the"
                " others get no answer",
                "send() waits until there is room. Send in a thread for each"
                " client, never while you hold a lock; with select() or poll()"
                " send only where a socket can be written, and keep the rest.",
                (where,),
            )
        if facts.get("open") and facts.get("got", 0) < BIG:
            yield Insight(
                "slow-reader-misses-bytes",
                "a client that reads late does not get the whole of a file of"
                " 1 MiB",
                "send() may take only a part. Look at what it returns and send"
                " the rest later, or use sendall() on a socket that may block.",
                (where,),
            )
