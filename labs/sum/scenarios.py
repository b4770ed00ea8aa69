"""Lab `sum`: the runs.

Three clients, one after the other, with fresh numbers; the numbers at the
edge; each number outside in a run of its own; and what a careless user
types. Where a client refuses to send a number outside the range, a peer
repeats what it sent, with another number in it. Where one side is missing or
broken, the other is tried with our own program.
"""

from __future__ import annotations

import re
import struct
from typing import Any, Dict, List, Mapping, Optional

from grader.api import (
    CONFIRM,
    ENTER,
    HOST,
    NAME,
    NUMBER,
    OTHER,
    PORT,
    Handle,
    Run,
    Socket,
    State,
    Stuck,
    Traces,
    learn,
    scenario,
)

from . import insights  # noqa: F401  (declares them)
from .checks import client_is_alone, must_repeat, server_is_alone
from .reading import has_number, visits

SERVER = "h1"
CLIENTS = ("h2", "h3", "h4")
OUTSIDE = (0, 101, -5)
PORT_BY_CUSTOM = "12000"


def start_server(run: Run) -> Optional[Socket]:
    """The submission's server; None when it runs but never listens."""
    server = run.start("server", SERVER)
    try:
        return run.serve(server)
    except Stuck:
        if run.state.runs(server.name):
            return None
        raise


def visit(run: Run, client: Handle, server: Optional[Socket], text: str,
          number: int, name: str, begin: int) -> State:
    """One client does what it does, and leaves (or is ended)."""
    host = client.host
    fact: Dict[str, Any] = {
        "program": client.name, "host": host, "number": number,
        "begin": begin, "typed": None, "name": "", "text": text,
    }
    run.facts.setdefault("visits", []).append(fact)
    answers = {
        PORT: str(server.port) if server else PORT_BY_CUSTOM,
        HOST: run.facts["hosts"][SERVER],
        CONFIRM: "no",
        ENTER: "",
        NAME: name,
        NUMBER: text,
        OTHER: text,
    }

    def over(_state: State) -> bool:
        """It has its answer, or it asks once more for what it was told."""
        typed = [a for a in _answered(run, host) if a["text"] == text]
        if len(typed) > 1:
            return True
        since = typed[0]["n"] if typed else begin
        sent = run.sent_by(client, begin) > 0
        return sent and run.received_by(client, since or begin) > 0

    run.bring_up(client, over, answers)
    for answer in _answered(run, host):
        if answer["text"] == text:
            fact["typed"] = fact["typed"] or answer["n"]
        if answer["text"] == name:
            fact["name"] = name
    run.until(lambda state: not state.runs(client.name))
    if run.state.runs(client.name):
        run.stop(client)
        run.settle()
    fact["end"] = run.now
    return run.state


def come(run: Run, host: str, server: Optional[Socket], text: str,
         number: int) -> State:
    """A client of the submission comes to the server."""
    name, begin = run.names.fresh(), run.now
    client = run.start("client", host)
    return visit(run, client, server, text, number, name, begin)


def _answered(run: Run, host: str) -> List[Any]:
    return [a for a in run.facts.get("answered", []) if a["program"] == host]


def fresh_numbers(run: Run) -> List[int]:
    """Three numbers in range, none of them the seed's 42."""
    found: List[int] = []
    while len(found) < len(CLIENTS):
        number = run.names.number(11, 98)
        if number != 42 and number not in found:
            found.append(number)
    return found


def note_server(run: Run) -> None:
    """What became of the server."""
    state = run.settle()
    run.facts["end"] = state.n
    run.facts["server-runs"] = state.runs("server")
    run.facts["server-listens"] = bool(state.listeners("server"))
    run.facts["server-open"] = len(state.connections("server"))


@scenario()
def exchange(run: Run) -> None:
    """Three clients, one after the other, with fresh numbers."""
    server = start_server(run)
    for host, number in zip(CLIENTS, fresh_numbers(run)):
        come(run, host, server, str(number), number)
    note_server(run)


@scenario()
def edges(run: Run) -> None:
    """1 and 100 are in range: the server goes on after them."""
    server = start_server(run)
    for host, number in zip(CLIENTS, (1, 100, fresh_numbers(run)[0])):
        come(run, host, server, str(number), number)
    note_server(run)


@scenario(number=OUTSIDE, names={"number": "{}"})
def stops(run: Run, number: int) -> None:
    """A number outside 1..100, sent by the submission's own client."""
    server = start_server(run)
    come(run, CLIENTS[0], server, str(number), number)
    note_server(run)


@scenario()
def careless_user(run: Run) -> None:
    """What is no number, nothing at all, and far too much."""
    server = start_server(run)
    for host, text in zip(CLIENTS, ("seven", "", "99999999999999999999")):
        if not run.settle().runs("server"):
            break
        come(run, host, server, text, 0)
    note_server(run)


@scenario(needs=("server",), when=must_repeat, number=OUTSIDE,
          names={"number": "{}"})
def stops_repeated(run: Run, number: int) -> None:
    """A number outside 1..100 by a peer, which repeats what the client sent."""
    server = run.serve(run.start("server", SERVER))
    template = bytes.fromhex(run.known.get("template", ""))
    message = _with_number(template, run.known.get("number", 0), number)
    begin = run.now
    peer = run.peer(CLIENTS[0], "connect", run.facts["hosts"][SERVER],
                    str(server.port))
    run.until(lambda state: bool(state.connections(peer.name)))
    run.facts["repeated"] = message is not None
    if message is not None:
        run.tell(peer, message)
    run.settle()
    run.facts["visits"] = [
        {"program": peer.name, "host": peer.host, "number": number,
         "begin": begin, "typed": None, "name": "", "end": run.now, "text": ""}
    ]
    note_server(run)


@scenario(needs=("server",), when=server_is_alone)
def server_with_peer(run: Run) -> None:
    """The server with clients of ours, which speak as the seed does."""
    server = run.serve(run.start("server", SERVER))
    for host, number in zip(CLIENTS, fresh_numbers(run)):
        begin = run.now
        client = run.reference(
            "client", host, "sum_client", "--host", run.facts["hosts"][SERVER],
            "--port", str(server.port), "--name", run.names.fresh(),
        )
        visit(run, client, server, str(number), number, "", begin)
    note_server(run)


@scenario(needs=("client",), when=client_is_alone)
def clients_with_peer(run: Run) -> None:
    """The clients with a server of ours, which answers as the seed does."""
    port = str(run.known.get("port", PORT_BY_CUSTOM))
    server = run.serve(run.reference(
        "server", SERVER, "sum_server", "--port", port, "--name",
        run.names.fresh(),
    ))
    for host, number in zip(CLIENTS, fresh_numbers(run)):
        come(run, host, server, str(number), number)
    note_server(run)


@learn
def what_the_client_sends(traces: Traces) -> Mapping[str, Any]:
    """A message of the client, the number in it, and where it calls."""
    found: Dict[str, Any] = {
        # As the seed's client writes it, where none was handed in.
        "template": b"Client of Tester: 37".hex(), "number": 37,
    }
    for trace in traces.of("exchange"):
        for event in trace.events:
            if event["ev"] == "packet" and event["flags"] == "S":
                found["port"] = int(event["dst"].rpartition(":")[2])
        for seen in visits(trace):
            if seen.sent and has_number(seen.sent, seen.number):
                found["template"] = seen.sent.hex()
                found["number"] = seen.number
                return found
    return found


def _with_number(template: bytes, known: int, number: int) -> Optional[bytes]:
    """The message with another number in the place of the known one."""
    digits = re.compile(rb"(?<!\d)" + str(known).encode() + rb"(?!\d)")
    if digits.search(template):
        return digits.sub(str(number).encode(), template)
    for form in (">i", "<i", ">q", "<q", ">h", "<h"):
        packed = struct.pack(form, known)
        if packed in template:
            return template.replace(packed, struct.pack(form, number))
    return None
