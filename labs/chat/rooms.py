"""How does a guest come in, say a line, and leave?

A Room is one server with its guests: the submission's own clients, or peers
of ours where those are missing or broken. It notes what was done; what it is
worth is the business of the checks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Dict, Optional

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
)

from . import words
from .menus import Menu, menu_of, purpose_of

SERVER = "h1"
HOSTS = ("h2", "h3", "h4", "h5", "h6", "h7")


@dataclass
class Guest:
    """A client in the room, or refused."""

    host: str
    client: Handle
    fact: Dict[str, Any]
    menu: Optional[Menu] = None

    @property
    def ready(self) -> bool:
        return bool(self.fact["outcome"] == "ready")


class Room:
    """One server and its guests, the submission's own clients."""

    def __init__(self, run: Run, files: Optional[Dict[str, bytes]] = None) -> None:
        self.run = run
        self.guests: Dict[str, Guest] = {}
        self.source = run.sources("client") + run.sources("server")
        #: Whether every answer so far came without waiting for a time limit.
        #: A program that is so need not be waited for where it is silent.
        self._prompt: Optional[bool] = None
        run.facts["guests"] = []
        run.facts["said"] = []
        handle = run.start("server", SERVER, files)
        self.server: Socket = run.serve(handle, 12345)

    def enter(self, host: str, only_to_its_name: bool = False) -> Guest:
        """A guest comes; `outcome` says whether it got in. It may stay where
        it is asked for its name."""
        run = self.run
        begin = run.now
        guest = self._expect(host, begin, run.start("client", host))
        client, name = guest.client, run.names.fresh()
        answers = {
            PORT: str(self.server.port),
            HOST: run.facts["hosts"][SERVER],
            CONFIRM: "yes", ENTER: "", NAME: name, OTHER: name,
        }
        done = self._asks_its_name if only_to_its_name else self._at_its_prompt
        ready = run.bring_up(client, lambda s: done(client, s), answers)
        for answer in run.facts.get("answered", []):
            if answer["program"] == host and answer["text"] == name:
                guest.fact["name"] = name
        gone = not run.state.runs(host)
        outcome = "ready" if ready else "ended" if gone else "waiting"
        guest.menu = menu_of(run.said(client))
        guest.fact["prompt"] = plain(run.said(client)).split("\n")[-1]
        return self._came(guest, outcome)

    def _expect(self, host: str, begin: int, client: Handle) -> Guest:
        fact: Dict[str, Any] = {
            "host": host, "begin": begin, "name": "", "outcome": "",
            "prompt": "",
        }
        self.run.facts["guests"].append(fact)
        return Guest(host, client, fact)

    def _came(self, guest: Guest, outcome: str) -> Guest:
        guest.fact["outcome"] = outcome
        guest.fact["end"], guest.fact["state"] = self.run.now, self.run.state.n
        self.guests[guest.host] = guest
        return guest

    def _at_its_prompt(self, client: Handle, state: State) -> bool:
        """Connected, and asking for a line and not for what it needs first."""
        asks = kind_of(self.run.said(client))
        return (
            self.run.has_connected(client)
            and state.reads_terminal(client.name)
            and asks not in (NAME, HOST, PORT)
        )

    def _asks_its_name(self, client: Handle, state: State) -> bool:
        """Connected, and asking its user for a name."""
        return (
            self.run.has_connected(client)
            and state.reads_terminal(client.name)
            and kind_of(self.run.said(client)) == NAME
        )

    def say(self, guest: Guest, text: str, kind: str) -> Dict[str, Any]:
        """Type a line, and wait for what comes back."""
        fact: Dict[str, Any] = {
            "host": guest.host, "text": text, "kind": kind, "n": None,
        }
        self.run.facts["said"].append(fact)
        fact["n"] = self._tell(guest, text, kind)
        if fact["n"] is not None:
            self._wait_for_answer(guest, fact["n"])
        fact["end"], fact["state"] = self.run.now, self.run.state.n
        return fact

    def _tell(self, guest: Guest, text: str, kind: str) -> Optional[int]:
        """Type the line, by way of the client's menu where it has one."""
        run, client = self.run, guest.client
        if not run.state.runs(guest.host) or not run.ready_for_input(client):
            return None
        self._go_on(guest)
        if guest.menu is None:
            return run.type(client, text)
        purpose = purpose_of(kind)
        key = guest.menu.get(purpose)
        if key is None:
            return None
        n = run.type(client, key)
        if purpose not in ("echo", "get") or not run.ready_for_input(client):
            return n
        return run.type(client, text)

    def _go_on(self, guest: Guest) -> None:
        """Answer what a client asks between two lines: "Press Enter", or
        whether there is to be another one."""
        run, client = self.run, guest.client
        asked = plain(run.said(client)).split("\n")[-1]
        kind = kind_of(run.said(client))
        if asked == guest.fact["prompt"] or kind not in (ENTER, CONFIRM):
            return
        yes = "y" if re.search(r"\by\b", asked) else "yes"
        run.type(client, "" if kind == ENTER else yes)
        run.ready_for_input(client)

    def _wait_for_answer(self, guest: Guest, since: int) -> None:
        run = self.run
        if self._answered(guest, since, run.settle()):
            self._prompt = True if self._prompt is None else self._prompt
        elif self._prompt is not True:
            if run.until(lambda state: self._answered(guest, since, state)):
                self._prompt = False

    def _answered(self, guest: Guest, since: int, state: State) -> bool:
        return self.run.received_by(guest.client, since) > 0 or not (
            state.runs(guest.host)
        )

    def wait_longer(self, guest: Guest, since: int) -> None:
        """Wait for an answer that may take its time."""
        self.run.until(lambda state: self._answered(guest, since, state))

    def asks_for_a_file(self, guest: Guest) -> bool:
        """Whether the client's prompt has changed, and asks for a name."""
        if guest.menu is not None:
            return "get" in guest.menu
        said = plain(self.run.said(guest.client)).split("\n")
        usual = str(guest.fact["prompt"])
        return said[-1] != usual and bool(re.search(r"file|name", said[-1]))

    def ask(self, guest: Guest, kind: str) -> Dict[str, Any]:
        """`status` or `list`, in the program's own word for it."""
        known = words.STATUS if kind.startswith("status") else words.LIST
        said = self.run.said(guest.client)
        return self.say(guest, words.command(known, said, self.source), kind)

    def leave(self, guest: Guest) -> Dict[str, Any]:
        """The word for leaving is the handout's, or the program's own."""
        run, said = self.run, self.run.said(guest.client)
        fact: Dict[str, Any] = {}
        for word in words.leaving(said, self.source):
            fact = self.say(guest, word, "leave")
            since = fact["n"] or run.now
            if self.connected(guest) and not run.received_by(guest.client, since):
                run.until(lambda _state: not self.connected(guest))
            gone = not run.state.runs(guest.client.name)
            if gone or not self.connected(guest) or guest.menu is not None:
                break
        if self.connected(guest):
            run.until(lambda _state: not self.connected(guest))
        if not guest.client.peer:  # a JVM takes a while to end
            run.until(lambda state: not state.runs(guest.client.name))
        fact["end"], fact["state"] = run.now, run.state.n
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
    """A room whose guests are peers of ours. How they end a line is learned
    from the server: some take what one receive brings, some read lines."""

    _ending: Optional[bytes] = None
    _greets: bool = True

    def enter(self, host: str, only_to_its_name: bool = False) -> Guest:
        run = self.run
        begin = run.now
        client = run.peer(host, "connect", run.facts["hosts"][SERVER],
                          str(self.server.port), output_cap=16 << 20)
        guest = self._expect(host, begin, client)
        run.settle()
        if self._greets and not run.received_by(client):
            self._greets = run.until(lambda _s: run.received_by(client) > 0)
        greeting = run.heard(client).decode("utf-8", "replace")
        asked = kind_of(greeting) == NAME
        if asked and not only_to_its_name:
            guest.fact["name"] = run.names.fresh()
            self._send(guest, guest.fact["name"])
        outcome = "ready"
        if only_to_its_name:
            outcome = "ready" if asked else "waiting"
        elif not run.state.connections(client.name) or "full" in plain(greeting):
            outcome = "ended"
        elif not self.connected(guest):
            outcome = "waiting"
        return self._came(guest, outcome)

    def _tell(self, guest: Guest, text: str, kind: str) -> Optional[int]:
        if not self.run.state.connections(guest.client.name):
            return None
        return self._send(guest, text)

    def _send(self, guest: Guest, text: str) -> int:
        """Send a line. What is not answered may not be complete."""
        run, client = self.run, guest.client
        since = run.now
        run.tell(client, text.encode() + (self._ending or b""))
        if self._ending is not None:
            return since
        for ending in (b"", b"\n"):
            if ending:
                run.tell(client, ending)
            run.settle()
            if run.received_by(client, since):
                self._ending = ending
                break
        return since

    def _answered(self, guest: Guest, since: int, state: State) -> bool:
        return self.run.received_by(guest.client, since) > 0 or not (
            state.connections(guest.client.name)
        )

    def asks_for_a_file(self, guest: Guest) -> bool:
        return False

    def leave(self, guest: Guest) -> Dict[str, Any]:
        """A peer goes when the server has let it go, as a client would."""
        fact = super().leave(guest)
        if not self.connected(guest):
            self.run.stop(guest.client)
            self.run.settle()
        return fact
