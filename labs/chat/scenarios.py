"""Lab `chat`: the runs.

Four runs with the submission's own clients: three guests who talk, ask for
the record, leave and come; a fourth who finds the server full; files; and a
guest who is killed. In both families of hand-ins: a server that asks for a
name, and one that gives it. What a transfer is worth is judged on the
server, with a reader of ours that repeats the client's own requests and
never stops reading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Optional, Sequence, Tuple

from grader.api import (
    CONFIRM,
    ENTER,
    HOST,
    NAME,
    OTHER,
    PORT,
    Handle,
    Run,
    Socket,
    State,
    kind_of,
    plain,
    scenario,
)

from . import insights  # noqa: F401  (declares them)
from .checks import nobody_came, only_one_came

SERVER = "h1"
HOSTS = ("h2", "h3", "h4", "h5", "h6")
LEAVE_WORDS = ("exit", "quit", "bye", "leave", "disconnect")
#: Words with which a file may be asked for.
ASKING = ("get", "print", "download", "file", "send", "read", "fetch", "stream",
          "open", "request", "retrieve", "cat", "f")
SMALL, BIG = 300, 1 << 20
#: How our own guests end a line: some servers take what one receive brings.
ENDINGS = ("", "\\n")


@dataclass
class Guest:
    """A client of the submission, in the room or refused."""

    host: str
    client: Handle
    fact: Dict[str, Any]

    @property
    def ready(self) -> bool:
        return bool(self.fact["outcome"] == "ready")


class Room:
    """One server and its guests."""

    def __init__(self, run: Run, files: Optional[Dict[str, bytes]] = None) -> None:
        self.run = run
        self.guests: Dict[str, Guest] = {}
        run.facts["guests"] = []
        run.facts["said"] = []
        handle = run.start("server", SERVER, files)
        self.server: Socket = run.serve(handle, 12345)

    def enter(self, host: str) -> Guest:
        """A guest comes; `outcome` says whether it got in."""
        run = self.run
        name = run.names.fresh()
        fact: Dict[str, Any] = {
            "host": host, "begin": run.now, "name": "", "outcome": "",
        }
        run.facts["guests"].append(fact)
        client = run.start("client", host)
        answers = {
            PORT: str(self.server.port),
            HOST: run.facts["hosts"][SERVER],
            CONFIRM: "yes", ENTER: "", NAME: name, OTHER: name,
        }
        ready = run.bring_up(client, lambda s: self._at_its_prompt(client, s),
                             answers)
        for answer in run.facts.get("answered", []):
            if answer["program"] == host and answer["text"] == name:
                fact["name"] = name
        if ready:
            fact["outcome"] = "ready"
        elif not run.state.runs(host):
            fact["outcome"] = "ended"
        else:
            fact["outcome"] = "waiting"
        fact["prompt"] = plain(run.said(client)).split("\n")[-1]
        fact["end"] = run.now
        fact["state"] = run.state.n
        self.guests[host] = Guest(host, client, fact)
        return self.guests[host]

    def _at_its_prompt(self, client: Handle, state: State) -> bool:
        """Connected, and asking for a line and not for what it needs first."""
        asks = kind_of(self.run.said(client))
        return (
            self.run.has_connected(client)
            and state.reads_terminal(client.name)
            and asks not in (NAME, HOST, PORT)
        )

    def say(self, guest: Guest, text: str, kind: str) -> Dict[str, Any]:
        """Type a line, and wait for what comes back."""
        run = self.run
        fact: Dict[str, Any] = {
            "host": guest.host, "text": text, "kind": kind, "n": None,
        }
        run.facts["said"].append(fact)
        if run.state.runs(guest.host) and run.ready_for_input(guest.client):
            fact["n"] = run.type(guest.client, text)
            since = fact["n"] or run.now
            run.until(
                lambda s: run.received_by(guest.client, since) > 0
                or not s.runs(guest.host)
            )
        fact["end"] = run.now
        fact["state"] = run.state.n
        return fact

    def asks_for_a_file(self, guest: Guest) -> bool:
        """Whether the client's prompt has changed, and asks for a name."""
        said = plain(self.run.said(guest.client)).split("\n")
        usual = str(guest.fact["prompt"])
        return said[-1] != usual and bool(re.search(r"file|name", said[-1]))

    def leave(self, guest: Guest) -> Dict[str, Any]:
        """The word for leaving is the handout's, or the program's own."""
        known = plain(self.run.said(guest.client) + self.run.source("client")
                      + self.run.source("server"))
        words = sorted(LEAVE_WORDS, key=lambda w: w not in known)
        if "exit" in known or not any(w in known for w in LEAVE_WORDS):
            words = ["exit"]
        fact: Dict[str, Any] = {}
        for word in words[:2]:
            fact = self.say(guest, word, "leave")
            if not self.connected(guest):
                break
        return fact

    def connected(self, guest: Guest) -> bool:
        """Whether the server still has its connection."""
        address = self.run.facts["hosts"][guest.host]
        return any(
            s.connected and s.peer.startswith(address + ":")
            for s in self.run.state.connections("server")
        )

    def close(self) -> None:
        self.run.facts["end"] = self.run.settle().n


class PeerRoom(Room):
    """A room whose guests are peers of ours."""

    def __init__(self, run: Run, ending: str,
                 files: Optional[Dict[str, bytes]] = None) -> None:
        super().__init__(run, files)
        self._ending = ending.replace("\\n", "\n")

    def enter(self, host: str) -> Guest:
        run = self.run
        fact: Dict[str, Any] = {
            "host": host, "begin": run.now, "name": "", "outcome": "ready",
            "prompt": "",
        }
        run.facts["guests"].append(fact)
        client = run.peer(host, "connect", run.facts["hosts"][SERVER],
                          str(self.server.port), output_cap=16 << 20)
        run.until(lambda _state: run.received_by(client) > 0)
        greeting = run.heard(client).decode("utf-8", "replace")
        guest = self.guests[host] = Guest(host, client, fact)
        if kind_of(greeting) == NAME:
            fact["name"] = run.names.fresh()
            run.tell(client, (fact["name"] + self._ending).encode())
            run.until(lambda _state: run.received_by(client) > len(greeting))
        if not run.state.connections(client.name) or "full" in plain(greeting):
            fact["outcome"] = "ended"
        elif not self.connected(guest):
            fact["outcome"] = "waiting"
        fact["end"], fact["state"] = run.now, run.state.n
        return guest

    def say(self, guest: Guest, text: str, kind: str) -> Dict[str, Any]:
        run = self.run
        fact: Dict[str, Any] = {
            "host": guest.host, "text": text, "kind": kind, "n": None,
        }
        run.facts["said"].append(fact)
        if run.state.connections(guest.client.name):
            fact["n"] = n = run.now
            run.tell(guest.client, (text + self._ending).encode())
            run.until(
                lambda s: run.received_by(guest.client, n) > 0
                or not s.connections(guest.client.name)
            )
        fact["end"], fact["state"] = run.now, run.state.n
        return fact

    def asks_for_a_file(self, guest: Guest) -> bool:
        return False

    def leave(self, guest: Guest) -> Dict[str, Any]:
        """A peer goes when the server has let it go, as a client would."""
        fact = super().leave(guest)
        if not self.connected(guest):
            self.run.stop(guest.client)
            self.run.settle()
        return fact


def _talk(run: Run, room: "Room") -> None:
    """Three guests; two of them silent at first; one leaves, another comes."""
    first, second, third = (room.enter(host) for host in HOSTS[:3])
    room.say(third, run.names.fresh(), "echo")
    room.say(first, run.names.fresh() + " " + run.names.fresh(), "echo")
    room.say(second, "%s, %d!" % (run.names.fresh(), run.names.number(100, 999)),
             "echo")
    room.say(first, "status", "status")
    left = room.leave(second)
    run.facts["left"] = left["end"]
    run.facts["left-state"] = run.settle().n
    run.facts["leaver-connected"] = room.connected(second)
    run.facts["leaver-runs"] = run.state.runs(second.host)
    room.say(first, run.names.fresh(), "echo-after-leave")
    new = room.enter(HOSTS[3])
    room.say(new, run.names.fresh(), "echo-new")
    room.say(first, "status", "status-after")
    room.say(third, "  %s  %s " % (run.names.fresh(), run.names.fresh()),
             "blanks")
    room.close()


@scenario()
def talk(run: Run) -> None:
    """The guests are the submission's own clients."""
    _talk(run, Room(run))


@scenario(needs=("server",), when=nobody_came, ending=ENDINGS,
          names={"ending": "ending '{}'"})
def talk_with_peers(run: Run, ending: str) -> None:
    """The guests are ours: the clients are missing or broken."""
    _talk(run, PeerRoom(run, ending))


@scenario(when=only_one_came)
def one_by_one(run: Run) -> None:
    """One guest after the other, where two at once are too many."""
    room = Room(run)
    for host in HOSTS[:2]:
        guest = room.enter(host)
        room.say(guest, run.names.fresh(), "echo")
        room.say(guest, "status", "status" if host == HOSTS[0] else "status-after")
        room.leave(guest)
        run.facts["left-state"] = run.settle().n
        run.facts["leaver-connected"] = room.connected(guest)
        run.facts["leaver-runs"] = run.state.runs(guest.host)
    room.close()


def _full_house(run: Run, room: "Room") -> None:
    """A fourth guest; then one leaves, and a new one is served."""
    inside = [room.enter(host) for host in HOSTS[:3]]
    for guest in inside:
        room.say(guest, run.names.fresh(), "echo")
    fourth = room.enter(HOSTS[3])
    run.facts["fourth"] = fourth.fact["outcome"]
    if fourth.ready:
        said = room.say(fourth, run.names.fresh(), "echo-fourth")
        run.facts["fourth-served"] = run.received_by(fourth.client, said["n"] or 0)
    room.leave(inside[0])
    if fourth.fact["outcome"] != "ended" and room.connected(fourth):
        late = room.say(fourth, run.names.fresh(), "echo-late")
        run.facts["late-served"] = run.received_by(fourth.client, late["n"] or 0)
    new = room.enter(HOSTS[4])
    run.facts["fifth"] = new.fact["outcome"]
    if new.ready:
        room.say(new, run.names.fresh(), "echo-fifth")
    room.close()


@scenario()
def full_house(run: Run) -> None:
    """The guests are the submission's own clients."""
    _full_house(run, Room(run))


@scenario(needs=("server",), when=nobody_came, ending=ENDINGS,
          names={"ending": "ending '{}'"})
def full_house_with_peers(run: Run, ending: str) -> None:
    """The guests are ours: the clients are missing or broken."""
    _full_house(run, PeerRoom(run, ending))


@dataclass(frozen=True)
class Shelf:
    """The files that were put into one folder, under names of its own."""

    folder: str
    small: str
    big: str


def _files(run: Run, make: Callable[[Dict[str, bytes]], "Room"],
           alone: bool = False) -> None:
    """The names of the files, and the files themselves; `alone`: nobody
    comes before the guest has left."""
    contents = {"small": _text(run, SMALL), "big": _text(run, BIG)}
    shelves = []
    for folder in _folders(run.source("server")):
        names = [run.names.fresh().lower() + ".txt" for _ in contents]
        shelves.append(Shelf(folder, *names))
    room = make({
        shelf.folder + name: content
        for shelf in shelves
        for name, content in ((shelf.small, contents["small"]),
                              (shelf.big, contents["big"]))
    })
    guest = room.enter(HOSTS[0])
    if guest.ready:
        _read(run, room, guest, shelves, contents, alone)
    room.close()


def _read(run: Run, room: "Room", guest: Guest, shelves: Sequence[Shelf],
          contents: Dict[str, bytes], alone: bool) -> None:
    entering = run.sent_chunks(guest.client)
    listing = room.say(guest, "list", "list")
    asking = run.sent_chunks(guest.client)[len(entering) :]
    run.facts["list-end"] = listing["end"]
    # The shelf whose names are listed comes first; another one is tried where
    # what is listed cannot be had.
    shelves = sorted(shelves, key=lambda shelf: not run.carried(
        guest.client, shelf.small.encode(), listing["n"] or 0))
    run.facts["files"] = {"small": shelves[0].small, "big": shelves[0].big}
    for place, shelf in enumerate(shelves[:3]):
        request = _find_request(room, guest, shelf.small, contents["small"],
                                6 if place == 0 else 2)
        if request is not None:
            break
    run.facts["request"] = request
    if request is None:
        return
    run.facts["files"] = {"small": shelf.small, "big": shelf.big}
    lines = run.sent_chunks(guest.client)[request["from"] : request["to"]]
    if alone:
        room.leave(guest)
    reader = Reader(room, entering, asking, lines, shelf.small)
    run.facts["transfers"] = [
        reader.fetch(shelf.small, contents["small"]),
        reader.fetch(shelf.big, contents["big"]),
    ]
    run.facts["unknown"] = reader.ask_unknown()


@scenario()
def files(run: Run) -> None:
    """The guest is the submission's own client."""
    _files(run, lambda placed: Room(run, placed))


@scenario(when=only_one_came)
def files_alone(run: Run) -> None:
    """The same for a server that cannot have two guests."""
    _files(run, lambda placed: Room(run, placed), alone=True)


@scenario(needs=("server",), when=nobody_came, ending=ENDINGS,
          names={"ending": "ending '{}'"})
def files_with_peers(run: Run, ending: str) -> None:
    """The guest is ours: the clients are missing or broken."""
    _files(run, lambda placed: PeerRoom(run, ending, placed))


class Reader:
    """A peer that repeats what the submission's own client sent for a file,
    with other names in it, and never stops reading. It comes anew for each
    file: some servers close the connection behind a file."""

    def __init__(self, room: Room, entering: Sequence[bytes],
                 asking: Sequence[bytes], request: Sequence[bytes],
                 known: str) -> None:
        self._room = room
        self._before = [*entering, *asking]
        self._asking = list(asking)
        self._request = list(request)
        self._known = known.encode()
        self._hosts = list(HOSTS[1:])
        self._peer: Optional[Handle] = None

    def fetch(self, name: str, content: bytes) -> Dict[str, Any]:
        """One file; whether it came byte for byte."""
        run = self._room.run
        peer, since = self._ask(name)
        run.until(lambda state: content in run.heard(peer, since))
        got = run.heard(peer, since)
        return {
            "name": name, "size": len(content), "n": since, "end": run.now,
            "whole": content in got, "got": len(got),
            "start": got[:80].decode("utf-8", "replace"),
        }

    def ask_unknown(self) -> Dict[str, Any]:
        """A name that does not exist, and a line after it."""
        run = self._room.run
        name = run.names.fresh().lower() + ".txt"
        peer, since = self._ask(name)
        run.until(lambda state: bool(run.heard(peer, since)))
        answer = run.heard(peer, since).decode("utf-8", "replace")
        word = run.names.fresh()
        after = run.now
        ending = b"\n" if self._request[-1].endswith(b"\n") else b""
        run.tell(peer, word.encode() + ending)
        run.until(lambda state: bool(run.heard(peer, after)))
        heard = run.heard(peer, after).decode("utf-8", "replace")
        return {
            "name": name, "n": since, "answer": answer,
            "server-runs": run.state.runs("server"),
            "lives": bool(heard) or self._is_open(peer),
        }

    def _is_open(self, peer: Handle) -> bool:
        return bool(self._room.run.state.connections(peer.name))

    def _come(self) -> Handle:
        """A new peer that has done what comes before a request."""
        run = self._room.run
        self._peer = peer = run.peer(
            self._hosts.pop(0), "connect", run.facts["hosts"][SERVER],
            str(self._room.server.port), output_cap=16 << 20,
        )
        run.until(lambda state: bool(state.connections(peer.name)))
        for chunk in self._before:
            run.tell(peer, chunk)
            run.settle()
        return peer

    def _ask(self, name: str) -> Tuple[Handle, int]:
        """A peer that has asked for a file, and when it did."""
        run = self._room.run
        peer = self._peer
        if peer is None or not self._is_open(peer):
            peer = self._come()
        else:
            for chunk in self._asking:  # `list` may have to come first
                run.tell(peer, chunk)
                run.settle()
        since = run.now
        for chunk in self._request:
            since = run.now
            run.tell(peer, chunk.replace(self._known, name.encode()))
            run.settle()
        return peer, since


def _find_request(room: Room, guest: Guest, name: str, content: bytes,
                  most: int) -> Optional[Dict[str, Any]]:
    """The words with which the submission's own client gets a file."""
    run = room.run
    probe = content[:64].decode()
    ways = _requests(run.source("server") + run.source("client"))
    if room.asks_for_a_file(guest):
        ways = [("{}",)] + [way for way in ways if way != ("{}",)]
    for lines in ways[:most]:
        if not guest.ready or not run.state.runs(guest.host):
            return None
        begin, since = len(run.sent_chunks(guest.client)), run.now
        for line in lines:
            room.say(guest, line.format(name), "get")
        end = len(run.sent_chunks(guest.client))
        run.until(lambda _s: run.carried(guest.client, probe.encode(), since))
        if run.carried(guest.client, probe.encode(), since):
            return {"words": " / ".join(lines), "from": begin, "to": end,
                    "n": since}
    return None


def _requests(source: str) -> List[Tuple[str, ...]]:
    """The ways to ask for a file, the likeliest first: a word that stands in
    a literal of the source, or else the bare name after `list`."""
    told = [
        word
        for word in ASKING
        if re.search(r"[\"'](?:/|!)?%s(?:[ \"':<{\[]|\\)" % word, source,
                     re.IGNORECASE)
    ]
    ways: List[Tuple[str, ...]] = []
    for word in told:
        ways += [(word + " {}",), (word, "{}")]
    ways.insert(0 if not told else 1, ("{}",))
    ways.append(("get {}",))
    return list(dict.fromkeys(ways))[:6]


def _text(run: Run, size: int) -> bytes:
    """A text file of just this size, like no other."""
    lines: List[str] = []
    length = 0
    while length < size:
        line = "%d %s %s\n" % (len(lines), run.names.word(), run.names.word())
        lines.append(line)
        length += len(line)
    return "".join(lines).encode()[: size - 1] + b"\n"


def _folders(source: str) -> Sequence[str]:
    """Where the server may look for files: beside itself, and in every
    folder that its source names."""
    found = [""]
    for literal in re.findall(r"[\"']([^\"'\n]{1,60})[\"']", source):
        path = literal.strip().rstrip("/\\")
        path = path[2:] if path.startswith("./") else path
        if re.fullmatch(r"[A-Za-z_][\w-]*(?:[ /][\w-]+)?", path) and re.search(
            r"file|folder|repo|dir|data|share|storage|resource|content|doc"
            r"|assets|public|server", path, re.IGNORECASE
        ):
            found.append(path + "/")
    return tuple(dict.fromkeys(found))[:12]


@scenario()
def killed_guest(run: Run) -> None:
    """A guest that is killed instead of leaving must not keep its place."""
    room = Room(run)
    guests = [room.enter(host) for host in HOSTS[:3]]
    if all(guest.ready for guest in guests):
        run.signal(guests[0].client, "KILL")
        run.settle()
        new = room.enter(HOSTS[3])
        run.facts["after-kill"] = new.fact["outcome"]
        if new.ready:
            room.say(new, "status", "status-after")
            said = room.say(new, run.names.fresh(), "echo-after-kill")
            run.facts["after-kill-served"] = run.received_by(
                new.client, said["n"] or 0
            )
    room.close()
