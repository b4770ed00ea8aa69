"""Lab `sum`: what is worth telling and costs no points."""

from __future__ import annotations

from typing import Iterator

from grader.api import Insight, Traces, insight


@insight
def careless_user(traces: Traces) -> Iterator[Insight]:
    """What becomes of a server whose client sends what is no number."""
    for trace in traces.of("careless_user"):
        texts = {v["program"]: v["text"] for v in trace.facts.get("visits", [])}
        if trace.failed("server"):
            yield Insight(
                "server-crashes-on-input",
                "the server crashes when a client's user types nonsense (%s)"
                % ", ".join(repr(text) for text in texts.values()),
                "Check what arrives before you convert it, and answer a wrong"
                " message with an error.",
                (trace.evidence(trace.facts.get("end")),),
            )
        for program, text in texts.items():
            if trace.failed(program):
                yield Insight(
                    "client-crashes-on-input",
                    "the client crashes when its user types %r" % text,
                    "Catch the error of the conversion and ask again.",
                    (trace.evidence(trace.facts.get("end")),),
                )
                break
