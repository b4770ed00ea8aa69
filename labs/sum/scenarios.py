"""Lab `sum`: the runs.

Three clients, one after the other, with fresh numbers; the numbers at the
edge; each number outside in a run of its own; and what a careless user
types. Where a client refuses to send a number outside the range, a peer
repeats what it sent, with another number in it. Where one side is missing or
broken, the other is tried with our own program.
"""

from __future__ import annotations

from typing import Any, Dict, Mapping, Sequence

from grader.api import Handle, Run, Traces, learn, scenario

from . import far, insights, stops  # noqa: F401  (declares them)
from .driving import (
    CLIENTS,
    SERVER,
    come,
    fresh_digit,
    fresh_numbers,
    note_server,
    start_server,
)
from .judging import OUTSIDE, somebody_serves
from .numbers import has_number, integers
from .peers import say_again
from .reading import visits
from .replay import as_data, from_data, talk_of, with_other_number


def three_come(run: Run, numbers: Sequence[int]) -> None:
    """Three clients, one after the other."""
    server = start_server(run)
    for host, number in zip(CLIENTS, numbers):
        come(run, host, server, str(number), number)
        said = run.said(Handle("server", "server", SERVER))
        if server is None and number not in integers(said):
            break  # nobody listens, for TCP or anything else
    note_server(run)


@scenario()
def exchange(run: Run) -> None:
    """Three clients, one after the other, with fresh numbers."""
    three_come(run, fresh_numbers(run))


@scenario()
def edges(run: Run) -> None:
    """1 and 100 are in range: the server goes on after them. Right after the
    longest number comes one digit: an old one may be left behind it."""
    three_come(run, [1, 100, fresh_digit(run)])


@scenario(number=OUTSIDE, names={"number": "{}"}, when=somebody_serves)
def outside(run: Run, number: int) -> None:
    """A number outside 1..100, sent by the submission's own client; where
    that keeps it to itself, a peer says what the client said, with it."""
    server = start_server(run)
    come(run, CLIENTS[0], server, str(number), number)
    talks = [from_data(data) for data in run.known["talks"]]
    client = Handle(CLIENTS[0], "client", CLIENTS[0])
    arrived = has_number(b"".join(run.sent_chunks(client)), number,
                         [(talk.said, talk.number) for talk in talks])
    run.facts["arrived"] = arrived
    talk = None if arrived else with_other_number(talks, number)
    run.facts["repeated"] = talk is not None and server is not None
    if talk is not None and server is not None:
        say_again(run, CLIENTS[1], server, talk)
    note_server(run, ends=True)


@scenario(text=("seven", "", "99999999999999999999"), names={"text": "{!r}"},
          when=somebody_serves)
def careless_user(run: Run, text: str) -> None:
    """What is no number, nothing at all, and far too much; then a client
    whose user takes care."""
    server = start_server(run)
    come(run, CLIENTS[0], server, text, 0)
    run.facts["careless"] = run.settle().n
    if run.state.runs("server"):
        number = fresh_numbers(run)[0]
        come(run, CLIENTS[1], server, str(number), number)
    note_server(run)


@learn
def what_the_client_says(traces: Traces) -> Mapping[str, Any]:
    """What the client said with one number or another, and where it calls."""
    found: Dict[str, Any] = {"talks": []}
    for trace in traces.of("exchange"):
        for event in trace.events:
            if event["ev"] == "packet" and event["flags"] == "S":
                found["port"] = int(event["dst"].rpartition(":")[2])
    own = [v for trace in traces.of("exchange") for v in visits(trace)]
    # Where two digits are not seen on the wire, one is seen by chance.
    if all(v.sent_number(v.number) for v in own if v.served):
        own += [v for trace in traces.of("edges") for v in visits(trace)]
        found["talks"] = [as_data(t) for t in map(talk_of, own) if t is not None]
    return found
