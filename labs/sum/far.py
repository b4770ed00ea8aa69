"""Lab `sum`: the far client.

Its link takes 150 ms each way, so a message may come in pieces, and an answer
takes its time. The exchange must come out the same. Nothing here is worth
points, and the run is made only where it is asked for (`--links`).
"""

from __future__ import annotations

from typing import Dict, Iterator

from grader.api import Insight, Run, Traces, insight, scenario

from .driving import CLIENTS, come, fresh_numbers, note_server, start_server
from .judging import somebody_serves, visits_of
from .numbers import integers
from .reading import Visit, visits

FAR = CLIENTS[0]


@scenario(when=somebody_serves, on_request=True, spare=True, links={FAR: "far"})
def far_client(run: Run) -> None:
    """One exchange of the submission's own pair, at a distance."""
    server = start_server(run)
    number = fresh_numbers(run)[0]
    come(run, FAR, server, str(number), number)
    note_server(run)


def outcome_of(v: Visit) -> Dict[str, bool]:
    """What an exchange comes to, and whether this one did."""
    mine, shown = v.own_number, integers(v.client_output)
    return {
        "the server does not show the client's number":
            v.number in integers(v.server_output),
        "the client gets no answer": bool(v.got),
        "the client does not show the sum":
            mine is not None and v.number + mine in shown,
    }


@insight
def far_exchange(traces: Traces) -> Iterator[Insight]:
    """What three near clients have, a far one has as well."""
    near = [outcome_of(v) for v in visits_of(traces, "exchange")]
    for trace in traces.of("far_client"):
        for v in visits(trace):
            lost = [
                lack for lack, there in outcome_of(v).items()
                if not there and near and all(one[lack] for one in near)
            ]
            if lost:
                yield Insight(
                    "far-client-fails",
                    "where the client is far away the exchange comes out"
                    " otherwise: " + "; ".join(lost),
                    "A message may come in pieces, and late: call recv() until"
                    " all of it is there, without a short time limit and"
                    " without a sleep.",
                    (trace.evidence(v.typed or v.begin, v.end),),
                )
