"""Lab `order`: what is worth telling and costs no points."""

from __future__ import annotations

from typing import Dict, Iterator

from grader.api import Evidence, Insight, Traces, insight, plain

#: Why a run at once was not tried, where a server's source asks for a sleep.
SLEEPS = "the server sleeps"


@insight
def busy_wait(traces: Traces) -> Iterator[Insight]:
    """A program that spins while it waits."""
    seen: Dict[str, Evidence] = {}
    for trace in traces:
        peers = {
            name for name, p in trace.facts["programs"].items() if p["peer"]
        }
        for state in trace.states():
            if state.outcome != "busy":
                continue
            for thread in state.threads:
                name = thread["program"]
                if thread["wait"] == "running" and name not in peers:
                    seen.setdefault(name, trace.evidence(state.n))
    if seen:
        who = "the server" if "server" in seen else "a client"
        yield Insight(
            "busy-wait",
            "%s uses the processor while it waits" % who,
            "Block instead of asking again and again: recv() and accept() wait"
            " by themselves; between threads use a Condition, an Event or"
            " join().",
            tuple(seen.values()),
        )


@insight
def sleeps(traces: Traces) -> Iterator[Insight]:
    """A program that waits for time to pass instead of for an event."""
    mend = (
        "A sleep is too short on a slow day and too long on all others. Wait for"
        " the event itself."
    )
    for trace in traces:
        for state in trace.states():
            if any(t["wait"] == "sleep" and t["program"] == "server"
                   for t in state.threads):  # fmt: skip
                told = "the server sleeps where it could wait for what it needs"
                yield Insight("sleeps", told, mend, (trace.evidence(state.n),))
                return
    if any(trace.facts.get("not-tried") == SLEEPS for trace in traces):
        told = "the server's source has a sleep, which no run happened to see"
        yield Insight("sleeps", told, mend)


@insight
def ends_badly(traces: Traces) -> Iterator[Insight]:
    """A program that did its work and then ended with an error."""
    for trace in traces.of("exchange"):
        for name, program in sorted(trace.facts["programs"].items()):
            if program["peer"] or not trace.failed(name):
                continue
            lines = trace.output(name).strip().split("\n")
            event = trace.exit_of(name)
            yield Insight(
                "ends-with-error",
                "%s ends with an error: %s"
                % ("the server" if name == "server" else "a client", lines[-1]),
                "The last lines of its output say where.",
                (trace.evidence(event["n"] if event else None),),
            )
            return


@insight
def endless_output(traces: Traces) -> Iterator[Insight]:
    """A program that prints without end."""
    for trace in traces:
        for event in trace.events:
            if event["ev"] == "output-capped":
                who = "the server" if event["program"] == "server" else "a client"
                yield Insight(
                    "endless-output",
                    "%s prints without end" % who,
                    "recv() returns nothing when the other side has closed:"
                    " leave the loop then.",
                    (trace.evidence(event["n"]),),
                )
                return


@insight
def addresses(traces: Traces) -> Iterator[Insight]:
    """Addresses that fit one machine only."""
    helped: Dict[str, Evidence] = {}
    for trace in traces:
        for note in trace.facts.get("notes", []):
            where = trace.evidence(trace.facts.get("listening"))
            helped.setdefault(note["kind"], where)
    if "bind" in helped:
        yield Insight(
            "server-address",
            "the server can be reached on one machine only",
            "Bind to '' (every address) instead of localhost or a fixed"
            " address.",
            (helped["bind"],),
        )
    if "connect" in helped:
        yield Insight(
            "hard-coded-address",
            "the clients look for the server at an address that it has on"
            " one machine only",
            "Take the server's address from the command line, or use the one"
            " of its host: 10.0.0.1.",
            (helped["connect"],),
        )


@insight
def no_reuseaddr(traces: Traces) -> Iterator[Insight]:
    """A second start within a minute fails with "Address already in use"."""
    source = traces.source_of("server")
    if source is None or source.language not in ("python", "c", "c++"):
        return  # Java and Node set it by themselves
    words = plain(source.text)
    known = ("so_reuseaddr", "reuse_address", "create_server", "start_server")
    if "bind" in words and not any(word in words for word in known):
        listening = [t.evidence(t.facts.get("listening")) for t in traces]
        yield Insight(
            "no-reuseaddr",
            "the server does not set SO_REUSEADDR: started again within a"
            " minute it fails with `Address already in use`",
            "setsockopt(SOL_SOCKET, SO_REUSEADDR, 1) before bind().",
            tuple(where for where in listening if where.events)[:1],
        )
