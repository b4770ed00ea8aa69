"""Which files does the server name, and does one arrive as it is?

The submission's own client asks for the list and for a file. What a transfer
is worth is judged on the server: a reader of ours repeats the bytes that the
client sent, with other names in them, and never stops reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Mapping, Optional, Sequence, Tuple

from grader.api import Handle, Run, scenario

from . import words
from .contents import beginnings, holds
from .going import clients_fail, two_are_too_many
from .rooms import HOSTS, SERVER, Guest, PeerRoom, Room

SMALL, BIG, BINARY = 300, 1 << 20, 4096
#: Somebody else's file, that no request may reach.
OUTSIDE = "../../../../../../../../etc/passwd"
OUTSIDE_BEGINS = b"root:x:0:0:"
#: How many folders a file is asked for in where none is listed.
MOST_SHELVES = 6

Make = Callable[[Dict[str, bytes]], Room]


@dataclass(frozen=True)
class Shelf:
    """The files that were put into one folder, under names of its own."""

    folder: str
    small: str
    big: str
    empty: str
    binary: str


@scenario()
def files(run: Run) -> None:
    """The guest is the submission's own client."""
    _visit(run, lambda placed: Room(run, placed))


@scenario(when=two_are_too_many)
def files_alone(run: Run) -> None:
    """The same for a server that cannot have two guests."""
    _visit(run, lambda placed: Room(run, placed), alone=True)


@scenario(needs=("server",), when=clients_fail)
def files_with_peers(run: Run) -> None:
    """The guest is ours: the clients are missing or broken."""
    _visit(run, lambda placed: PeerRoom(run, placed))


def _visit(run: Run, make: Make, alone: bool = False) -> None:
    """The names of the files, and the files themselves; `alone`: nobody
    comes before the guest has left."""
    contents = {
        "small": text_file(run, SMALL), "big": text_file(run, BIG), "empty": b"",
        "binary": bytes(range(256)) * (BINARY // 256),
    }
    shelves = []
    for folder in words.folders(
            run.sources("server"), run.folders_beside("server")):
        shelves.append(Shelf(folder, *(
            run.names.fresh().lower() + ".txt" for _ in contents
        )))
    room = make({
        shelf.folder + getattr(shelf, kind): content
        for shelf in shelves
        for kind, content in contents.items()
    })
    guest = room.enter(HOSTS[0])
    if guest.ready:
        _read(room, guest, shelves, contents, alone)
    room.close()


def _read(room: Room, guest: Guest, shelves: Sequence[Shelf],
          contents: Dict[str, bytes], alone: bool) -> None:
    run = room.run
    entering = run.sent_chunks(guest.client)
    lister, listing = guest, room.ask(guest, "list")
    asking = run.sent_chunks(guest.client)[len(entering) :]
    run.facts["list-end"] = listing["end"]
    if not room.connected(guest):  # what ends at `list` may well send files
        newcomer = room.enter(HOSTS[1])
        if newcomer.ready:
            guest, asking = newcomer, []
            entering = run.sent_chunks(guest.client)
    listed = [shelf for shelf in shelves if run.carried(
        lister.client, shelf.small.encode(), listing["n"] or 0)]
    run.facts["files"] = _names((listed or shelves)[0])
    ways = _ways(room, guest)
    for shelf, which in _tries(shelves, listed):
        request = _find_request(
            room, guest, shelf.small, contents["small"], ways[which])
        if request is not None:
            break
    run.facts["request"] = request
    if request is None:
        return
    run.facts["files"] = _names(shelf)
    lines = run.sent_chunks(guest.client)[request["from"] : request["to"]]
    if alone:
        room.leave(guest)
    else:
        own_client(room, guest, shelf.big, request, contents)
    reader = Reader(room, entering, asking, lines, shelf.small, guest.host)
    run.facts["spoken"] = {"folder": shelf.folder, "words": request["words"],
                           **reader.as_data()}
    run.facts["transfers"] = [
        reader.fetch(shelf.small, contents["small"]),
        reader.fetch(shelf.big, contents["big"]),
    ]
    run.facts["unknown"] = reader.ask_unknown(shelf.small)
    run.facts["odd"] = {
        "binary": reader.fetch(shelf.binary, contents["binary"]),
        "empty": reader.fetch(shelf.empty, b""),
        "outside": reader.reach_outside(),
    }


def _tries(shelves: Sequence[Shelf], listed: Sequence[Shelf]
           ) -> List["tuple[Shelf, slice]"]:
    """In which order a file of a shelf is asked for, and in which ways. Where
    one is listed, in all of them; then, or where none is, the usual two for
    others: some servers name what they do not send, or name nothing."""
    usual, rest = slice(0, 2), slice(2, None)
    if listed:
        others = [shelf for shelf in shelves if shelf is not listed[0]]
        return [(listed[0], slice(None)), *((shelf, usual) for shelf in others[:2])]
    return [(shelf, usual) for shelf in shelves[:MOST_SHELVES]] + [
        (shelf, rest) for shelf in shelves[:3]
    ]


def _names(shelf: Shelf) -> Dict[str, str]:
    return {"small": shelf.small, "big": shelf.big}


def own_client(room: Room, guest: Guest, name: str,
               request: Mapping[str, Any], contents: Mapping[str, bytes]) -> None:
    """How the submission's own client comes through a large file."""
    run, since = room.run, room.run.now
    if guest.client.peer or not run.state.runs(guest.host):
        return
    for line in request["words"]:
        room.say(guest, line.format(name), "get")
    # Some clients take a file as whole when nothing has come for a while.
    run.until(lambda state: state.reads_terminal(guest.host)
              or not state.runs(guest.host))
    run.facts["own-client"] = {
        "n": since, "end": run.now, "runs": run.state.runs(guest.host),
        "connected": room.connected(guest),
        "asks-again": run.state.reads_terminal(guest.host),
        **{kind + "-kept": run.has_made(guest.client, content)
           for kind, content in contents.items() if kind in ("small", "big")},
    }


class Reader:
    """A peer that repeats what the submission's own client sent for a file,
    with other names in it, and never stops reading. It comes anew where the
    connection is closed: some servers do that behind a file."""

    def __init__(self, room: Room, entering: Sequence[bytes],
                 asking: Sequence[bytes], request: Sequence[bytes],
                 known: str, taken: str = HOSTS[0]) -> None:
        self._room = room
        self._entering = list(entering)
        self._asking = list(asking)
        self._request = list(request)
        self._known = known.encode()
        self._hosts = [host for host in HOSTS[1:] if host != taken]
        self._peer: Optional[Handle] = None

    def as_data(self) -> Dict[str, Any]:
        """What it repeats, for a later run."""
        return {
            "entering": [c.hex() for c in self._entering],
            "asking": [c.hex() for c in self._asking],
            "request": [c.hex() for c in self._request],
            "known": self._known.decode(),
        }

    def fetch(self, name: str, content: bytes) -> Dict[str, Any]:
        """One file; whether it came byte for byte."""
        run = self._room.run
        asked = self._ask(name)
        if asked is None:
            return {"name": name, "size": len(content), "n": run.now,
                    "end": run.now, "whole": False, "got": 0, "start": "",
                    "open": False, "asked": False}
        peer, since = asked
        run.until(lambda state: holds(run.heard(peer, since), content)
                  and (bool(content) or bool(run.heard(peer, since))))
        got = run.heard(peer, since)
        return {
            "name": name, "size": len(content), "n": since, "end": run.now,
            "whole": holds(got, content), "got": len(got),
            "start": got[:80].decode("utf-8", "replace"),
            "open": self._is_open(peer), "asked": True,
        }

    def ask_unknown(self, known: str) -> Dict[str, Any]:
        """A name that does not exist, and then again one that does."""
        run = self._room.run
        name = run.names.fresh().lower() + ".txt"
        asked = self._ask(name)
        if asked is None:
            return {"name": name, "n": run.now, "answer": "", "lives": False,
                    "server-runs": run.state.runs("server")}
        peer, since = asked
        run.until(lambda state: bool(run.heard(peer, since)))
        answer = run.heard(peer, since).decode("utf-8", "replace")
        lives = self._is_open(peer)
        if lives:
            _, after = self._ask(known) or (peer, run.now)
            lives = bool(run.heard(peer, after)) or self._is_open(peer)
        return {
            "name": name, "n": since, "answer": answer, "lives": lives,
            "server-runs": run.state.runs("server"),
        }

    def reach_outside(self) -> Dict[str, Any]:
        """A path that leads out of the folder. Where a request is no line of
        text, another length would break it, and it is not tried."""
        run = self._room.run
        if not all(chunk.isascii() and chunk.strip().decode().isprintable()
                   for chunk in self._request):
            return {"tried": False}
        asked = self._ask(OUTSIDE)
        if asked is None:
            return {"tried": False}
        peer, since = asked
        return {
            "tried": True, "n": since, "end": run.now,
            "reached": holds(run.heard(peer, since), OUTSIDE_BEGINS),
        }

    def _is_open(self, peer: Handle) -> bool:
        return bool(self._room.run.state.connections(peer.name))

    def _come(self) -> Optional[Handle]:
        """A new peer that has done what comes before a request."""
        run = self._room.run
        if not self._hosts or not run.state.runs("server"):
            return None
        peer = run.peer(
            self._hosts.pop(0), "connect", run.facts["hosts"][SERVER],
            str(self._room.server.port), output_cap=16 << 20,
        )
        run.until(lambda state: bool(state.connections(peer.name)))
        for chunk in [*self._entering, *self._asking]:
            run.tell(peer, chunk)
            run.settle()
        return peer

    def _ask(self, name: str) -> Optional[Tuple[Handle, int]]:
        """A peer that has asked for a file, and when it did."""
        run = self._room.run
        peer = self._peer
        if peer is None or not self._is_open(peer):
            if peer is not None:
                run.stop(peer)
                run.settle()
            peer = self._peer = self._come()
            if peer is None:
                return None
        else:
            for chunk in self._asking:  # `list` may have to come first
                run.tell(peer, chunk)
                run.settle()
        since = run.now
        for chunk in self._request:
            if self._known in chunk:
                since = run.now  # a server may ask for the name first
            run.tell(peer, chunk.replace(self._known, name.encode()))
            run.settle()
        return peer, since


def _ways(room: Room, guest: Guest) -> List[Tuple[str, ...]]:
    """The ways in which a file may be asked for, the likeliest first."""
    ways = words.requests(room.source)
    if guest.menu is not None:
        return [("{}",)]
    if room.asks_for_a_file(guest):
        return [("{}",)] + [way for way in ways if way != ("{}",)]
    return ways


def _find_request(room: Room, guest: Guest, name: str, content: bytes,
                  ways: Sequence[Tuple[str, ...]]) -> Optional[Dict[str, Any]]:
    """The words with which the submission's own client gets a file."""
    run = room.run
    for lines in ways:
        if not guest.ready or not run.state.runs(guest.host):
            return None
        begin, since = len(run.sent_chunks(guest.client)), run.now
        for line in lines:
            room.say(guest, line.format(name), "get")
        run.settle()
        end = len(run.sent_chunks(guest.client))
        if any(run.carried(guest.client, start, since)
               for start in beginnings(content)):
            return {"words": list(lines), "from": begin, "to": end, "n": since}
    return None


def text_file(run: Run, size: int) -> bytes:
    """A text file of just this size, like no other."""
    lines: List[str] = []
    length = 0
    while length < size:
        line = "%d %s %s\n" % (len(lines), run.names.word(), run.names.word())
        lines.append(line)
        length += len(line)
    return "".join(lines).encode()[: size - 1] + b"\n"
