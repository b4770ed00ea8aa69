"""What can a scenario's script do, and what does it learn?

A Run drives the programs of one scenario: it starts them, types, lets the
network settle, and looks. Scripts are straight-line Python; a step that the
programs do not get to raises Stuck, which ends the script but not the
judging. Everything is recorded; what the script itself learned goes to
`facts` and `marks` for the checks.
"""

from __future__ import annotations

import re
import select
import time
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Any,
    Callable,
    Dict,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from grader import dialog, menus, prompts, text, wire
from grader.bounds import words as bound_words
from grader.cgroups import Groups
from grader.instrument import InstrumentFault, Session
from grader.launch import Handle as Handle
from grader.launch import Launcher
from grader.launch import Tools as Tools
from grader.model import Event, Program
from grader.names import Names
from grader.race_variants import Variant
from grader.settling import Limits as Limits
from grader.settling import Settling
from grader.settling import Stuck as Stuck
from grader.state import Socket, State

if TYPE_CHECKING:  # a lab can be loaded where there is no Mininet
    from grader.network import HostInfo, Network
from grader.stage import Stage


class MachineTooSlow(InstrumentFault):
    """Nothing may be concluded from a run whose links were too fast for it."""


#: How many bytes a line that a labpeer is told has room for: each takes four
#: letters, and a terminal takes 4095 in a line.
_LINE_BYTES = 1000
#: How far beyond the second's begin: the kernel's clock of a tick may lag.
_CLOCK_S = 0.02
#: No translation of addresses leads what goes to ::1 to another host.
_ONLY_IPV4 = "%s, and the emulated network has IPv4 only"
_SPEAKS_IPV6 = re.compile(r"AF_INET6|[\"']::1[\"']|Inet6Address")


class Run:
    """One scenario, under way. Made by the harness, used by a script."""

    def __init__(
        self,
        session: Session,
        network: Network,
        tools: Tools,
        programs: Sequence[Program],
        folder: Path,
        scratch: Path,
        names: Names,
        limits: Limits,
        clients: Sequence[str],
        groups: Optional[Groups] = None,
        make_room: Callable[[Path, int, int], None] = lambda *_: None,
    ) -> None:
        self._session = session
        self._network = network
        self._stage = Stage(
            programs, folder, scratch, tools.labexec, network.hosts, clients,
            make_room,
        )
        self._launcher = Launcher(
            session, self._stage, tools, network.hosts, limits.bounds, groups
        )
        self._settling = Settling(session, limits, self._note_sleep)
        self.names = names
        self.facts: Dict[str, Any] = {
            "hosts": {name: info.ip for name, info in network.hosts.items()},
            "programs": self._launcher.programs,
            "notes": [],
        }
        self.marks: Dict[int, str] = {}
        self.known: Dict[str, Any] = {}  # what @learn found in earlier runs

    # Starting and ending programs.

    def start(
        self, role: str, host: str, files: Optional[Mapping[str, bytes]] = None
    ) -> Handle:
        """Start the submission's program for `role` on a host.

        With two client programs, each client host has one of its own.
        `files` are put into its private copy first; their paths are relative
        to the folder that it is started in. Raises Stuck when it cannot be
        executed.
        """
        return self._launcher.submitted(role, host, files or {})

    def peer(
        self, host: str, *arguments: str, output_cap: Optional[int] = None
    ) -> Handle:
        """Start labpeer on a host: a peer of which we say every byte.

        `output_cap` bounds what is kept of what it receives, in bytes.
        """
        return self._launcher.ours("peer", host, ("labpeer", *arguments), output_cap)

    def reference(self, role: str, host: str, *argv: str) -> Handle:
        """Start one of the lab's reference programs in place of `role`."""
        return self._launcher.ours(role, host, argv, None)

    def stop(self, handle: Handle) -> None:
        """End a program and everything it started."""
        self._session.stop(handle.name)

    def again(self, handle: Handle, variant: Optional[Variant] = None) -> None:
        """Start a program that has ended or was stopped once more: in the
        folder that it had, with the arguments that it turned out to want."""
        self._launcher.again(handle, variant=variant)

    def hurried(self, handle: Handle) -> Optional[Variant]:
        """The program with its threads changing places all the time; None
        where its language has no such way."""
        return self._stage.hurried(handle.name)

    def sanitized(self, handle: Handle) -> Optional[Variant]:
        """The program built so that it tells its data races; None where that
        cannot be done here, or its language has no such way."""
        return self._stage.sanitized(handle.name)

    def rounds(self, seconds: float, most: int) -> Iterator[int]:
        """0, 1, ... for as long as there is time: for what may be done once
        or many times. At least one, and at most so many."""
        until = time.monotonic() + seconds
        for count in range(most):
            if count and time.monotonic() >= until:
                return
            yield count

    def free_ports(self, host: str) -> None:
        """Let a port of a host be free as soon as its connections have ended.
        Else a server that does not set SO_REUSEADDR cannot be started again."""
        self._network.keep_no_ended_connections(host)

    # Links.

    def expect_losses(self, lossy: bool) -> None:
        """Whether links lose packets, so that bytes may come late."""
        self._settling.expect_losses(lossy)

    def settle_held(self) -> State:
        """Let happen what can while slow links hold back what is on its way:
        to type at another program meanwhile, for example. `state.held` has
        the hosts whose links hold packets."""
        return self._settling.settle_held()

    def cut(self, host: str) -> None:
        """Pull a host's cable. Its programs are not told."""
        self._network.set_cable(host, plugged=False)
        self.mark(self.now, "the cable of %s is pulled" % host)

    def mend(self, host: str) -> None:
        """Plug the cable in again. What was sent meanwhile is sent again, so
        the next settling takes a little longer."""
        self._network.set_cable(host, plugged=True)
        self.mark(self.now, "the cable of %s is plugged in again" % host)
        self._settling.expect_losses(True)

    def too_slow(self, why: str) -> None:
        """The machine did not do in time what a slow link gives time for:
        the run is made again, with links that are twice as slow."""
        self.facts["too-slow"] = True
        raise MachineTooSlow(why)

    def signal(self, handle: Handle, name: str) -> None:
        """Send a signal ("STOP", "CONT", "KILL", ...) to a program."""
        self._session.signal(handle.name, name)

    def source(self, role: str) -> str:
        """The text of the main source of a role's program, "" if none."""
        return self._stage.source(role)

    def language(self, role: str) -> str:
        """The language of a role's program, "" where it is not known."""
        return self._stage.language(role)

    def sources(self, role: str) -> str:
        """The main source of a role's program, those that it leads to, and
        the settings that it names."""
        return self._stage.sources(role)

    def folders_beside(self, role: str) -> List[str]:
        """The names of the folders where a role's program is started, and in
        what is above it, as handed in."""
        return self._stage.folders_beside(role)

    def has_made(self, handle: Handle, content: bytes) -> bool:
        """Whether a program has a file with just this content beside it."""
        return self._stage.has_made(handle.name, content)

    def has(self, role: str) -> bool:
        """Whether the submission has a program for this role."""
        return self._stage.has(role)

    # Looking.

    @property
    def state(self) -> State:
        """The last state that was seen."""
        return self._settling.state

    @property
    def now(self) -> int:
        """The number of the last event so far."""
        return self._settling.now

    def settle(self, patience_s: float = 0.0) -> State:
        """Let everything that can happen by itself happen."""
        return self._settling.settle(patience_s)

    def until(self, done: Callable[[State], bool]) -> bool:
        """Whether it comes to this. No is said only with patience: after
        every wait with a time limit has had its chance."""
        return self._settling.until(done)

    def await_another_second(self) -> None:
        """Until the clock shows another second than now: for what programs
        tell in seconds. Nothing that a program does is waited for so."""
        select.select([], [], [], 1.0 - time.time() % 1.0 + _CLOCK_S)

    def said(self, handle: Handle) -> str:
        """What stands on the program's terminal so far, without what was
        typed; only the ends of typed lines are seen."""
        return self._printed(handle)

    def _printed(self, handle: Handle, since: int = 0) -> str:
        data = b"".join(
            b"\n" if event["ev"] == "typed" else text.event_bytes(event)
            for event in self._session.events[since:]
            if event["ev"] in ("output", "typed")
            and event["program"] == handle.name
        )
        return text.decode(data)

    def has_connected(self, client: Handle) -> bool:
        """Whether a connection from the client's host has been answered; it
        may be over already."""
        return wire.answered(self._session.events, self._address(client))

    def sent_by(self, client: Handle, since: int = 0) -> int:
        """Bytes that a client's host has sent to the server."""
        events = self._session.events
        return wire.count(events, self._address(client), wire.FROM, since)

    def received_by(self, client: Handle, since: int = 0) -> int:
        """Bytes that the server has sent to a client's host."""
        events = self._session.events
        return wire.count(events, self._address(client), wire.TO, since)

    def carried(self, client: Handle, data: bytes, since: int = 0) -> bool:
        """Whether the server has sent these bytes to a client's host."""
        events = self._session.events
        told = wire.chunks(events, self._address(client), wire.TO, since)
        return data in b"".join(told)

    def sent_chunks(self, client: Handle) -> List[bytes]:
        """What a client's host has sent to the server, segment by segment."""
        events = self._session.events
        return wire.chunks(events, self._address(client), wire.FROM)

    def tell(self, peer: Handle, data: bytes, connection: int = 1) -> int:
        """Let a labpeer send bytes, in one call; the number of the event."""
        begin = 0
        while len(data) - begin > _LINE_BYTES:
            self._command(peer, "hold", connection, data[begin : begin + _LINE_BYTES])
            begin += _LINE_BYTES
        return self._command(peer, "send", connection, data[begin:])

    def _command(self, peer: Handle, verb: str, connection: int, data: bytes) -> int:
        escaped = "".join("\\x%02x" % byte for byte in data)
        return self.type(peer, "%s %d %s" % (verb, connection, escaped)) or self.now

    def tell_to_close(self, peer: Handle, connection: int = 1) -> None:
        """Let a labpeer close a connection."""
        self.type(peer, "close %d" % connection)

    def heard(self, peer: Handle, since: int = 0, connection: int = 1) -> bytes:
        """What a labpeer has received on a connection since an event."""
        return wire.heard(self._session.events, peer.name, since, connection)

    def _address(self, handle: Handle) -> str:
        return self._network.hosts[handle.host].ip

    def asks(self, handle: Handle) -> str:
        """What the program printed since it was last typed at; all that it
        said where that is nothing, as for a second reading at one question."""
        for event in reversed(self._session.events):
            if event.get("program") == handle.name and event["ev"] == "typed":
                told = self._printed(handle, event["n"])
                return told if told.strip() else self.said(handle)
        return self.said(handle)

    def answer(
        self, handle: Handle, answers: Mapping[str, str], wish: menus.Wish
    ) -> Tuple[str, str]:
        """The kind of question that a program waits at, and what to type:
        what `answers` has for that kind, or the `wish` takes of a menu."""
        return prompts.answer_to(self.asks(handle), answers, wish)

    # Typing.

    def type(self, handle: Handle, line: str) -> Optional[int]:
        """Type a line. The event's number, or None if the program ended."""
        event = self._session.type(handle.name, line + "\n")
        return int(event["n"]) if event["ev"] == "typed" else None

    def ready_for_input(self, handle: Handle) -> bool:
        """Wait until the program reads its terminal, or never will."""
        self.until(
            lambda state: state.reads_terminal(handle.name)
            or not state.runs(handle.name)
        )
        return self.state.reads_terminal(handle.name)

    def bring_up(
        self,
        handle: Handle,
        done: Callable[[State], bool],
        answers: Mapping[str, str],
    ) -> bool:
        """Answer what a program asks until `done`; whether it came to that.

        `answers` has a text for each kind of question of grader.prompts. A
        program that ends at once because it wants arguments is started again
        with them.
        """
        return dialog.bring_up(self, handle, done, answers)

    def begin_with(self, handle: Handle, words: Sequence[str]) -> None:
        """Start a program that has ended once more, with these arguments."""
        self._launcher.again(handle, words)

    @property
    def is_one_for_both(self) -> bool:
        """Whether one program is both the server and the client."""
        return self._stage.is_one_for_both

    def role_asked(self, handle: Handle) -> str:
        """What tells a program its role, where it is one for both and asks."""
        return self._stage.role_asked(handle.role, self.asks(handle))

    # A server that is up, a client that is connected.

    def serve(self, server: Handle, port: int = 12000) -> Socket:
        """Wait until a server listens; make sure that it can be reached.

        Raises Stuck when it never listens. `port` is for servers that ask.
        """
        address = self._network.hosts[server.host].ip
        answers = {
            prompts.PORT: str(port),
            prompts.HOST: address,
            prompts.NAME: "server",
            prompts.COUNT: str(self._stage.client_count),
            prompts.NUMBER: str(self._stage.client_count),
        }
        up = self.bring_up(
            server, lambda state: bool(state.listeners(server.name)), answers
        )
        self.facts["listening"] = self.state.n if up else None
        if not up:
            raise Stuck(self._why_not(server, "listen for TCP connections"))
        listeners = self.state.listeners(server.name)
        usual = [s for s in listeners if s.port == port]
        listener = (usual or sorted(listeners, key=lambda s: s.port))[0]
        self.facts["port"] = listener.port
        self._reach(server, listener)
        return listener

    def join(
        self, client: Handle, server: Socket, answers: Mapping[str, str]
    ) -> State:
        """Wait until a client is connected; raises Stuck if it never is."""
        known = {
            prompts.PORT: str(server.port),
            prompts.HOST: self._network.hosts[server.host].ip,
        }
        known.update(answers)
        up = self.bring_up(
            client, lambda _state: self.has_connected(client), known
        )
        if not up:
            if _SPEAKS_IPV6.search(self.source("client")):
                raise InstrumentFault(_ONLY_IPV4 % "the client calls over IPv6")
            raise Stuck(self._why_not(client, "connect to the server"))
        self._note_where(client, server)
        return self.state

    def mark(self, n: Optional[int], name: str) -> None:
        """Name an event for people who read the trace."""
        if n is not None:
            self.marks[n] = name

    def note(self, kind: str, words: str, program: str = "") -> None:
        """Something about this run that the report should say."""
        note = {"kind": kind, "text": words, "program": program}
        if note not in self.facts["notes"]:
            self.facts["notes"].append(note)

    # Inside.

    def _reach(self, server: Handle, listener: Socket) -> None:
        """Lead packets to a server that bound only some address."""
        info: HostInfo = self._network.hosts[server.host]
        if listener.address in ("0.0.0.0", "::", "*", info.ip):
            return
        if ":" in listener.address:
            raise InstrumentFault(_ONLY_IPV4 % "the server listens only at IPv6")
        self._network.make_reachable(
            server.host, listener.port, listener.address
        )
        self.note(
            "bind",
            "the server listens only at %s; it was made reachable at %s"
            % (listener.address, info.ip),
            server.name,
        )

    def _note_where(self, client: Handle, server: Socket) -> None:
        address = self._network.hosts[server.host].ip
        for socket in self.state.connections(client.name):
            peer = socket.peer.rpartition(":")[0].strip("[]")
            if peer != address:
                self.note(
                    "connect",
                    "the client connects to %s; it was led to the server at %s"
                    % (peer, address),
                    client.name,
                )

    def _note_sleep(self, program: str, seconds: float) -> None:
        self.note(
            "sleep",
            "%s still slept after %g s, the longest that one step of a run"
            " waits" % (_called(program), seconds),
            program,
        )

    def _why_not(self, handle: Handle, what: str) -> str:
        who = _called(handle.name)
        for event in reversed(self._session.events):
            if event["ev"] == "exit" and event["program"] == handle.name:
                return "%s ended (%s) and did not %s" % (
                    who,
                    how_ended(event),
                    what,
                )
        return "%s did not %s" % (who, what)


def _called(program: str) -> str:
    return "the server" if program == "server" else program


def how_ended(event: Event) -> str:
    """An `exit` event in words."""
    if "limit" in event:
        return "%s reached" % bound_words(event["limit"])
    if "signal" in event:
        return "signal SIG%s" % event["signal"]
    return "status %d" % event["code"]
