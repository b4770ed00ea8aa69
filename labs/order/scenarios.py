"""Lab `order`: the runs.

Four orders (who connects first, who sends first) with the submission's own
programs; an early sender and two messages at once for the insights; and,
where something was lost, each side with a peer in the other's place, to learn
whose fault it was. The checks that judge the traces are in checks.py.
"""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Optional

from grader.api import Handle, Run, Socket, Stuck, Traces, learn, scenario

from . import insights  # noqa: F401  (declares them)
from .checks import lost_something
from .pair import FIRST, SECOND, SERVER, Pair
from .weighing import wants_labels

NAMES = {
    "connects_first": "{} first",
    "sends_first": "{} sends first",
}


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


def let_take(run: Run, host: str) -> None:
    """Let the server take what came from a client. One that looks at each of
    its clients in turn, for a moment each, comes to this one by itself."""
    end = run.facts["hosts"][host] + ":"
    run.until(
        lambda state: not any(
            s.unread and s.peer.startswith(end)
            for s in state.connections("server")
        )
    )


def finish(run: Run, clients: Iterable[Handle]) -> None:
    """Wait for the answer, and for whatever comes after it."""
    last = run.facts["typed"].values()
    since = max(last) if last else run.now
    run.until(lambda _state: has_ended(run, clients, since))
    run.facts["end"] = run.state.n


def see_out(run: Run, pair: Pair, order: str) -> None:
    """Wait for the answers, and until the clients have shown them."""
    clients = pair.clients.values()
    finish(run, clients)
    if not has_ended(run, clients, max(pair.typed.values(), default=0)):
        pair.speak_again(order)
    pair.hear()
    # One that sleeps has not shown yet what came for it.
    run.until(lambda state: not any(state.sleeps(c.name) for c in clients))
    finish(run, clients)


# They declare runs too, and need what stands above. The longest go first.
from . import cables, far, odd_clients, races  # noqa: E402,F401


@scenario(connects_first=(FIRST, SECOND), sends_first=("X", "Y"), names=NAMES)
def exchange(run: Run, connects_first: str, sends_first: str) -> None:
    """The whole exchange, in one of the four orders."""
    whole_exchange(run, Pair(run, connects_first), sends_first)


@scenario(
    when=wants_labels,
    connects_first=(FIRST, SECOND),
    sends_first=("X", "Y"),
    names=NAMES,
)
def exchange_with_labels(run: Run, connects_first: str, sends_first: str) -> None:
    """The same; the users type `Client X: NAME`, as the assignment has it.

    Some servers cut off as many letters as there are before the name.
    """
    whole_exchange(run, Pair(run, connects_first, labelled=True), sends_first)


def whole_exchange(run: Run, pair: Pair, sends_first: str) -> None:
    server = start_server(run)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    order = sends_first + ("Y" if sends_first == "X" else "X")
    for label in order:
        pair.speak(label)
        let_take(run, pair.hosts[label])
    pair.let_speak()
    see_out(run, pair, order)


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
        let_take(run, pair.hosts[label])
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
    order = sends_first + ("Y" if sends_first == "X" else "X")
    for label in order:
        pair.speak(label)
    see_out(run, pair, order)
