"""Lab `order`: the runs.

Four orders (who connects first, who sends first) with the submission's own
programs; an early sender and two messages at once for the insights; and,
where something was lost, each side with a peer in the other's place, to learn
whose fault it was. The checks that judge the traces are in checks.py.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, Mapping, Optional

from grader.api import (
    CONFIRM,
    ENTER,
    OTHER,
    Handle,
    Run,
    Socket,
    Stuck,
    Traces,
    kind_of,
    learn,
    scenario,
)

from . import insights  # noqa: F401  (declares them)
from .checks import lost_something

SERVER, FIRST, SECOND = "h1", "h2", "h3"
NAMES = {
    "connects_first": "{} first",
    "sends_first": "{} sends first",
}


def other(host: str) -> str:
    return SECOND if host == FIRST else FIRST


def answers(message: str) -> Dict[str, str]:
    """What a user types when a program asks."""
    return {CONFIRM: "yes", ENTER: "", OTHER: message}


class Pair:
    """Two clients, by their labels, and what each of them is to say."""

    def __init__(self, run: Run, connects_first: str) -> None:
        self.run = run
        self.hosts = {"X": connects_first, "Y": other(connects_first)}
        # One is short, and one as long as the handout's own First_message.
        short, long = run.names.fresh(), run.names.fresh()
        self.said = {"X": short, "Y": long + "_" + run.names.fresh().lower()}
        self.clients: Dict[str, Handle] = {}
        self.typed: Dict[str, int] = {}
        run.facts["labels"] = {host: x for x, host in self.hosts.items()}
        run.facts["messages"] = {
            host: self.said[label] for label, host in self.hosts.items()
        }
        run.facts["typed"] = {}

    def start(self, label: str, server: Optional[Socket]) -> None:
        """Start one client and let it connect."""
        run, host = self.run, self.hosts[label]
        client = run.start("client", host)
        self.clients[label] = client
        if server is None:  # nothing to connect to: see what it does
            run.ready_for_input(client)
        else:
            run.join(client, server, answers(self.said[label]))
            for answer in run.facts.get("answered", []):
                if answer["text"] == self.said[label]:
                    self.note_typed(label, answer["n"])
        run.facts["connected-" + label] = run.state.n

    def speak(self, label: str) -> None:
        """Type the client's message, once the client asks for it."""
        run, client = self.run, self.clients[label]
        for _ in range(4):
            if label in self.typed and self._has_sent(label):
                return
            if not run.ready_for_input(client):
                break
            kind = kind_of(run.said(client))
            if kind in (CONFIRM, ENTER):
                run.type(client, answers("")[kind])
            else:
                self.note_typed(label, run.type(client, self.said[label]))
            run.settle()
        if label not in self.typed and not self._has_sent(label):
            run.facts.setdefault("silent", []).append(client.name)

    def let_speak(self) -> None:
        """Type for a client that asks late: its turn came only when the
        other's was over."""
        for label in "XY":
            name = self.clients[label].name
            if name in self.run.facts.get("silent", []):
                self.speak(label)
                if label in self.typed:
                    self.run.facts["silent"].remove(name)

    def _has_sent(self, label: str) -> bool:
        """Whether the client's connection has carried anything from it."""
        return self.run.sent_by(self.clients[label]) > 0

    def note_typed(self, label: str, n: Optional[int]) -> None:
        if n is None or label in self.typed:
            return
        self.typed[label] = n
        self.run.facts["typed"][self.hosts[label]] = n
        self.run.mark(n, "the message of client %s is typed" % label)


def start_server(run: Run) -> Optional[Socket]:
    """The submission's server; None when it runs but never listens."""
    server = run.start("server", SERVER)
    try:
        return run.serve(server)
    except Stuck:
        if run.state.runs(server.name):
            return None
        raise


def has_ended(run: Run, clients: Iterable[Handle], since: int) -> bool:
    """Each client was told something after event `since`, or is gone."""
    return all(
        run.received_by(client, since) > 0 or not run.state.runs(client.name)
        for client in clients
    )


def finish(run: Run, clients: Iterable[Handle]) -> None:
    """Wait for the answer, and for whatever comes after it."""
    last = run.facts["typed"].values()
    since = max(last) if last else run.now
    run.until(lambda _state: has_ended(run, clients, since))
    run.facts["end"] = run.state.n


@scenario(connects_first=(FIRST, SECOND), sends_first=("X", "Y"), names=NAMES)
def exchange(run: Run, connects_first: str, sends_first: str) -> None:
    """The whole exchange, in one of the four orders."""
    server = start_server(run)
    pair = Pair(run, connects_first)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    pair.speak(sends_first)
    pair.speak("Y" if sends_first == "X" else "X")
    pair.let_speak()
    finish(run, pair.clients.values())


@scenario()
def both_at_once(run: Run) -> None:
    """Two messages lie in the server's queues before it may look."""
    server = start_server(run)
    pair = Pair(run, FIRST)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    held = Handle("server", "server", SERVER)
    for client in pair.clients.values():
        run.ready_for_input(client)
    run.signal(held, "STOP")
    pair.speak("X")
    pair.speak("Y")
    run.facts["held"] = run.settle().n
    run.signal(held, "CONT")
    finish(run, pair.clients.values())


@scenario(needs=("server",))
def early_sender(run: Run) -> None:
    """A peer sends right after connecting, while it is alone."""
    server = run.serve(run.start("server", SERVER))
    address = run.facts["hosts"][SERVER]
    client = run.peer(FIRST, "connect", address, str(server.port))
    run.until(lambda state: bool(state.connections(client.name)))
    run.facts["alone"] = run.state.n
    run.type(client, "send 1 " + run.names.fresh())
    run.facts["sent-alone"] = run.settle().n


@scenario(
    needs=("server",),
    when=lost_something,
    sends_first=("X", "Y"),
    ending=("", "\\n"),
    names={
        "sends_first": "{} sends first",
        "ending": "ending '{}'",
    },
)
def server_with_peers(run: Run, sends_first: str, ending: str) -> None:
    """The server with clients of ours, to learn whose fault it was.

    Some servers wait for the end of a line, others take what one receive
    brings: both kinds of client are tried.
    """
    server = run.serve(run.start("server", SERVER))
    address = run.facts["hosts"][SERVER]
    pair = Pair(run, FIRST)
    for label in "XY":
        peer = run.peer(pair.hosts[label], "connect", address, str(server.port))
        pair.clients[label] = peer
        run.until(lambda state: bool(state.connections(peer.name)))
        run.facts["connected-" + label] = run.state.n
    run.facts["both-connected"] = run.state.n
    for label in (sends_first, "Y" if sends_first == "X" else "X"):
        line = "send 1 " + pair.said[label] + ending
        pair.note_typed(label, run.type(pair.clients[label], line))
        run.settle()
    finish(run, pair.clients.values())


@learn
def where_the_clients_call(traces: Traces) -> Mapping[str, Any]:
    """The port that the clients connect to, for a server of ours."""
    for trace in traces:
        for event in trace.events:
            if event["ev"] == "packet" and event["flags"] == "S":
                port = int(event["dst"].rpartition(":")[2])
                if trace.facts["programs"].get("h2", {}).get("peer") is False:
                    return {"port": port}
    return {}


@scenario(needs=("client",), when=lost_something, sends_first=("X", "Y"),
          names={"sends_first": "{} sends first"})
def clients_with_peer(run: Run, sends_first: str) -> None:
    """The clients with a server of ours."""
    port = str(run.known.get("port", 12000))
    server = run.serve(
        run.reference("server", SERVER, "order_server", "--port", port)
    )
    pair = Pair(run, FIRST)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    pair.speak(sends_first)
    pair.speak("Y" if sends_first == "X" else "X")
    finish(run, pair.clients.values())
