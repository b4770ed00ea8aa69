"""Lab `LAB_NAME`: the runs, and what each criterion is worth.

Three parts. Scenarios drive programs on a network that nobody used before
them. Checks read what was recorded, and say what one criterion gets. Insights
tell what costs no points. Everything comes from grader.api.
"""

from __future__ import annotations

from typing import Any, Dict, Iterator, List, Sequence

from grader.api import (
    Connection,
    Finding,
    Insight,
    Run,
    Socket,
    Trace,
    Traces,
    check,
    decode,
    failed,
    insight,
    leading_comment,
    manual,
    missing,
    partial,
    passed,
    plain,
    scenario,
)

SERVER, FIRST, SECOND = "h1", "h2", "h3"


# ---- scenarios ---------------------------------------------------------------
#
# A script acts, lets everything settle, looks, and acts again. It never waits
# for a time. It judges nothing: what it knows goes into run.facts, which must
# be plain data (it is written to the trace as JSON).


def converse(run: Run, host: str, server: Socket, lines: Sequence[str]) -> None:
    """A client comes, its user types these lines, and it leaves."""
    visit: Dict[str, Any] = {"host": host, "lines": []}
    run.facts.setdefault("visits", []).append(visit)
    client = run.start("client", host)
    # Until it is connected; answers what it asks for before that, such as
    # the server's address. A client that never connects ends the script here.
    run.join(client, server, {})
    for line in lines:
        # True once it reads its terminal, False when it never will.
        if not run.ready_for_input(client):
            break
        since = run.now
        n = run.type(client, line)
        if n is None:
            break  # it ended in this moment
        run.mark(n, "the user of %s types a line" % host)
        # No is said only when nothing else can happen by itself.
        run.until(
            lambda state: run.received_by(client, since) > 0
            or not state.runs(client.name)
        )
        visit["lines"].append({"text": line, "typed": n, "end": run.settle().n})
    if run.ready_for_input(client):
        run.type(client, "")  # the handout: an empty line ends the client
    run.until(lambda state: not state.runs(client.name))
    run.stop(client)  # one that goes on is ended; one that is gone is no fault


# One run for each value. The name is what a report shows: `talk[one word]`.
@scenario(kind=("one word", "a sentence"), names={"kind": "{}"})
def talk(run: Run, kind: str) -> None:
    """Two clients, one after the other; each says two lines."""
    server = run.serve(run.start("server", SERVER))  # until it listens
    for host in (FIRST, SECOND):
        # Fresh in every run: a program that prints a fixed text earns nothing.
        lines = [run.names.fresh(), run.names.fresh()]
        if kind == "a sentence":
            lines = ["%s,  said %s." % (line, run.names.word()) for line in lines]
        converse(run, host, server, lines)
    run.facts["end"] = run.settle().n


@scenario()
def beside_a_silent_client(run: Run) -> None:
    """A peer of ours connects and says nothing; then a client wants an echo."""
    server = run.serve(run.start("server", SERVER))
    address = run.facts["hosts"][SERVER]
    peer = run.peer(SECOND, "connect", address, str(server.port))
    run.until(lambda state: bool(state.connections(peer.name)))
    converse(run, FIRST, server, [run.names.fresh()])
    run.facts["end"] = run.settle().n


# ---- reading a trace -----------------------------------------------------------


def connections_from(trace: Trace, host: str) -> List[Connection]:
    """The connections that a host opened and that the server accepted."""
    address = trace.facts["hosts"][host]
    return [
        c
        for c in trace.connections
        if c.client_address == address and c.established is not None
    ]


def received(trace: Trace, host: str, line: Dict[str, Any]) -> str:
    """What the server sent to a host after a line was typed there."""
    made = connections_from(trace, host)
    return "".join(
        decode(b"".join(p for n, p in c.to_client.chunks
                        if line["typed"] < n <= line["end"]))  # fmt: skip
        for c in made
    )


# ---- checks ----------------------------------------------------------------------
#
# One for each automatic criterion of rubric.yaml. `expected` and `seen` are
# shown to the student, the evidence says where in which run.


@check("tcp")
def tcp(traces: Traces) -> Finding:
    absent = missing(traces, "server", "client")
    if absent:
        return absent
    where = []
    for trace in traces.of("talk"):
        made = connections_from(trace, FIRST)
        if not made:
            return failed(
                # Why the script was stuck: "h2 did not connect to the server".
                trace.record.reason or "the client opens no connection",
                trace.evidence(trace.facts.get("listening")),
                expected="a TCP connection from the client to the server",
                seen="none",
            )
        if len(made) > 1:
            return partial(
                "one client opens %d connections" % len(made),
                trace.evidence(*(c.opened for c in made)),
                expected="one",
                seen=str(len(made)),
            )
        where.append(trace.evidence(made[0].opened, made[0].established))
    return passed("each client opens one connection", *where)


@check("echoes")
def echoes(traces: Traces) -> Finding:
    absent = missing(traces, "server", "client")
    if absent:
        return absent
    where = []
    for trace in traces.of("talk"):
        lines = trace.facts.get("visits", [{"lines": []}])[0]["lines"]
        for line in lines:
            wanted, got = line["text"], received(trace, FIRST, line)
            place = trace.evidence(line["typed"], line["end"])
            if wanted not in got:
                make = partial if plain(wanted) in plain(got) else failed
                return make(
                    "a line comes back changed" if got else "nothing comes back",
                    place,
                    expected=wanted,
                    seen=got or "nothing",
                )
            where.append(place)
        if not lines:
            return failed(
                trace.record.reason or "the client asks its user for nothing",
                trace.evidence(trace.facts.get("end")),
            )
    return passed("every line comes back as it was sent", *where)


@check("shows-echo")
def shows_echo(traces: Traces) -> Finding:
    absent = missing(traces, "client")
    if absent:
        return absent
    where = []
    for trace in traces.of("talk"):
        for line in trace.facts.get("visits", [{"lines": []}])[0]["lines"]:
            got = received(trace, FIRST, line)
            # What its terminal showed from the moment of typing on.
            printed = trace.output(FIRST, line["typed"])
            if got and plain(got) not in plain(printed):
                return failed(
                    "the client does not print what comes back",
                    trace.evidence(line["typed"], line["end"]),
                    expected=got,
                    seen=printed or "nothing",
                )
            where += [trace.evidence(line["typed"])] if got else []
    if not where:
        return failed("nothing comes back that could be printed")
    return passed("the client prints what comes back", *where)


@check("serves-again")
def serves_again(traces: Traces) -> Finding:
    absent = missing(traces, "server")
    if absent:
        return absent
    for trace in traces.of("talk"):
        visits = trace.facts.get("visits", [])
        second = visits[1]["lines"] if len(visits) > 1 else []
        if not any(received(trace, SECOND, line) for line in second):
            end = trace.exit_of("server")
            return failed(
                "the second client gets no answer",
                trace.evidence(trace.facts.get("end"), end["n"] if end else None),
                expected="an echo for the client on %s" % SECOND,
                seen="the server has ended" if end else "nothing comes back",
            )
    return passed(
        "a second client is served",
        *(trace.evidence(trace.facts["end"]) for trace in traces.of("talk"))
    )


@check("readable")
def readable(traces: Traces) -> Finding:
    """A person decides; this is what is laid out beside the row."""
    source = traces.source_of("server")
    comment = leading_comment(source) if source else None
    return manual(
        "a person decides",
        notes=["the server begins with: %s" % (comment or "no comment")],
    )


# ---- insights ----------------------------------------------------------------------


@insight
def silent_client(traces: Traces) -> Iterator[Insight]:
    """A client that says nothing holds up the others. The handout allows it,
    so it costs nothing, and is worth telling."""
    for trace in traces.of("beside_a_silent_client"):
        for visit in trace.facts.get("visits", []):
            for line in visit["lines"]:
                if not received(trace, visit["host"], line):
                    yield Insight(
                        "silent-client-blocks",
                        "while one client is connected and says nothing, no"
                        " other client gets an answer",
                        "Give each client a thread, or wait for all of them"
                        " with select().",
                        (trace.evidence(line["typed"], line["end"]),),
                    )
