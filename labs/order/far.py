"""Lab `order`: the far client.

One client's link takes 300 ms each way. Its user types first, the other's
user types while that message is on its way, and the other's message arrives
first. What counts is the arrival at the server, not who typed first, nor
what a clock at the client says. Where the kernel cannot delay packets these
runs are left out, and cost nothing.
"""

from __future__ import annotations

from grader.api import Run, scenario

from .pair import FIRST, SECOND, Pair
from .scenarios import see_out, start_server

FAR = FIRST  # the host whose link is slow


@scenario(
    links={FAR: "far"},
    spare=True,
    connects_first=(FIRST, SECOND),
    names={"connects_first": "{} first"},
)
def far_client(run: Run, connects_first: str) -> None:
    """The far user types first, and is heard last. It is X, or it is Y."""
    pair = Pair(run, connects_first)
    server = start_server(run)
    pair.start("X", server)
    pair.start("Y", server)
    run.facts["both-connected"] = run.state.n
    far, near = ("X", "Y") if connects_first == FAR else ("Y", "X")
    asked = all(run.ready_for_input(pair.clients[label]) for label in "YX")
    if asked and pair.dispatch(far) and pair.dispatch(near):
        run.facts["held"] = run.state.n
        arrived = run.sent_by(pair.clients[far], pair.typed[far]) > 0
        if arrived and not sleeps(run, pair):
            run.too_slow("the far message had arrived before the near one was taken")
    see_out(run, pair, far + near)


def sleeps(run: Run, pair: Pair) -> bool:
    """Whether a program itself lets the time pass that the link gives."""
    names = ["server", *(client.name for client in pair.clients.values())]
    return any(run.state.sleeps(name) for name in names) or any(
        note["kind"] == "sleep" for note in run.facts["notes"]
    )
