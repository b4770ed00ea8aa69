"""Lab `chat`: what is worth telling and costs no points."""

from __future__ import annotations

from typing import Iterator

from grader.api import Insight, Traces, insight


@insight
def killed_guest(traces: Traces) -> Iterator[Insight]:
    """A client that is killed instead of leaving keeps its place."""
    for trace in traces.of("killed_guest"):
        if "after-kill" in trace.facts and not trace.facts.get("after-kill-served"):
            yield Insight(
                "killed-client-keeps-place",
                "a client that is killed instead of leaving keeps its place",
                "Free the place wherever recv() returns nothing or fails, not"
                " only after `exit`.",
                (trace.evidence(trace.facts.get("end")),),
            )


@insight
def busy_wait(traces: Traces) -> Iterator[Insight]:
    """A server that spins while it waits."""
    for trace in traces:
        for state in trace.states():
            if state.outcome == "busy" and "running" in state.waits("server"):
                yield Insight(
                    "busy-wait",
                    "the server uses the processor while it waits",
                    "Block in recv(), accept() or select() instead of asking"
                    " again and again.",
                    (trace.evidence(state.n),),
                )
                return
