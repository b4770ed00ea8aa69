"""What does one side do with a peer of ours in the place of the other?

A peer says again what the client said, with a number that the client keeps
to itself. Where one side is missing or broken, a peer speaks to the other one
in the ways that are common, or as the client itself does.
"""

from __future__ import annotations

import re

from grader.api import Handle, Run, Socket, before_crash, scenario

from .driving import (
    CLIENTS,
    PORT_BY_CUSTOM,
    SERVER,
    come,
    end_of,
    fresh_numbers,
    note_server,
    start_server,
)
from .judging import OUTSIDE, client_is_alone, server_is_alone
from .numbers import integers
from .replay import Talk, mirrored, number_in

MOST_ANSWERS = 4  # a client that says more than that talks to itself
#: How a name and a number may be written in one message.
WAYS = {"colon": ": ", "comma": ",", "semicolon": ";", "bar": "|",
        "blank": " ", "line": "\n"}


def say_again(run: Run, host: str, server: Socket, talk: Talk) -> None:
    """A peer says what a client said, and waits where it waited."""
    begin = run.now
    peer = run.peer(host, "connect", run.facts["hosts"][SERVER],
                    str(server.port))
    run.until(lambda state: bool(state.connections(peer.name)))
    for kind, what in talk.steps:
        if kind == "say":
            run.tell(peer, bytes.fromhex(what))
            run.settle()
        else:
            run.until(lambda state: run.received_by(peer, begin) >= what
                      or not state.connections("server"))
    if talk.finished:
        run.type(peer, "finish 1")
    run.settle()
    run.tell_to_close(peer)
    run.settle()
    run.stop(peer)
    run.facts.setdefault("visits", []).append(
        {"program": peer.name, "host": host, "number": talk.number,
         "begin": begin, "typed": None, "name": "", "end": run.now, "text": ""}
    )


@scenario(needs=("server",), when=server_is_alone, way=tuple(WAYS),
          names={"way": "{}"})
def server_with_peer(run: Run, way: str) -> None:
    """The server with clients of ours, which write a name and a number in
    one of the ways that are common; then numbers outside the range."""
    run.free_ports(SERVER)  # it is started again
    server = start_server(run)
    number = fresh_numbers(run)[0]
    for host, number in zip(CLIENTS, (number, 1, 100)):
        if server is not None:
            say_again(run, host, server, _seed_talk(run, way, number))
    note_server(run)
    if not visits_served(run):
        return
    handle = Handle("server", "server", SERVER)
    run.facts["stops"] = []
    for number in OUTSIDE:
        run.stop(handle)
        begin = run.now
        run.again(handle)
        server = start_server(run, handle)
        if server is not None:
            say_again(run, CLIENTS[0], server, _seed_talk(run, way, number))
        run.facts["visits"].pop()
        run.facts["stops"].append({"number": number, "begin": begin, **end_of(run, True)})


def visits_served(run: Run) -> bool:
    """Whether the server answered one of our clients, or printed its number."""
    said = before_crash(run.said(Handle("server", "server", SERVER)))
    return any(
        run.received_by(Handle(v["host"], "client", v["host"])) > 0
        or v["number"] in integers(said)
        for v in run.facts.get("visits", [])
    )


def _seed_talk(run: Run, way: str, number: int) -> Talk:
    text = "Client of %s%s%d\n" % (run.names.fresh(), WAYS[way], number)
    return Talk(number, (("say", text.encode().hex()), ("hear", 1)), False)


def port_in(source: str) -> str:
    """The port that a client calls, as far as its source shows it."""
    near = re.findall(r"port\D{0,12}(\d{4,5})\b", source, re.IGNORECASE)
    ports = near + re.findall(r"(?<![\d.])(\d{4,5})(?![\d.])", source)
    fit = [str(port) for port in ports if 1023 < int(port) < 65536]
    return fit[0] if fit and PORT_BY_CUSTOM not in fit else PORT_BY_CUSTOM


@scenario(needs=("client",), when=client_is_alone)
def clients_with_peer(run: Run) -> None:
    """The clients with a server of ours, which answers in the form in which
    they speak."""
    port = str(run.known.get("port", port_in(run.source("client"))))
    peer = run.peer(SERVER, "listen", port)
    server = run.serve(peer)
    name = run.names.fresh()
    numbers = fresh_numbers(run)
    for at, (host, number) in enumerate(zip(CLIENTS, numbers)):
        own = numbers[at - 1]

        def answer(client: Handle, wanted: int) -> None:
            answered = 0
            for _round in range(MOST_ANSWERS):
                run.settle()
                said = b"".join(run.sent_chunks(client))[answered:]
                if not said or not run.state.runs(client.name):
                    break
                answered += len(said)
                run.tell(peer, mirrored(said, number_in(said, wanted), own, name),
                         at + 1)
            if run.settle().runs(client.name):
                run.tell_to_close(peer, at + 1)  # it may read to the end

        come(run, host, server, str(number), number, answer)
    run.facts["end"] = run.settle().n
