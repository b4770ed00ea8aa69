"""Lab `order`: a cable is pulled, and plugged in again.

TCP sends again what was lost meanwhile, so a pair whose programs wait for what
they need comes to the same answer, later. Nothing here is worth points, and
the runs are made only where they are asked for (`--links`): a cut takes a
second until TCP tries again.
"""

from __future__ import annotations

from typing import Iterator

from grader.api import End, Insight, Run, Traces, insight, scenario

from .pair import FIRST, Pair
from .reading import Exchange
from .scenarios import see_out, start_server


@scenario(
    on_request=True,
    spare=True,
    moment=("before", "between", "after"),
    names={"moment": "{} the messages"},
)
def cut_cable(run: Run, moment: str) -> None:
    """X's cable is pulled before, between or after the messages."""
    pair = Pair(run, FIRST)
    server = start_server(run)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    asked = all(run.ready_for_input(pair.clients[label]) for label in "XY")
    if not asked:
        return
    if moment == "before":
        run.cut(FIRST)
    pair.dispatch("X")
    if moment == "between":
        run.settle()
        run.cut(FIRST)
    pair.dispatch("Y")
    if moment == "after":
        run.settle()
        run.cut(FIRST)
    run.facts["during"] = run.settle().n
    run.mend(FIRST)
    see_out(run, pair, "XY")


@insight
def cut_cables(traces: Traces) -> Iterator[Insight]:
    """What becomes of the exchange when a cable was out for a while."""
    for trace in traces.of("cut_cable"):
        during = trace.facts.get("during")
        if not during:
            continue
        where = trace.evidence(during, trace.facts.get("end"))
        if End(trace).crash:
            yield Insight(
                "cut-cable-kills-server",
                "the server ends with an error when a client's cable is pulled",
                "A send or a receive may fail, or time out: look at what it"
                " returns, and go on with the other client.",
                (where,),
            )
            return
        x = Exchange(trace)
        if not all(x.sentence(client) for client in x.clients):
            yield Insight(
                "cut-cable-ends-exchange",
                "when a client's cable was out for a moment, the exchange does"
                " not come to its end",
                "TCP sends again what was lost. Wait for it with recv() and"
                " without a short time limit.",
                (where,),
            )
            return
