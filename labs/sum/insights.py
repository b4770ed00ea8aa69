"""Lab `sum`: what is worth telling and costs no points."""

from __future__ import annotations

from typing import Dict, Iterator, List, Tuple

from grader.api import End, Evidence, Insight, Trace, Traces, insight

from .reading import visits

_MEND = {
    "server": "Check what arrives before you convert it, answer a wrong message"
    " with an error, and serve the next client.",
    "client": "Catch the error of the conversion and ask again.",
}
#: How each text is told to a person.
_KINDS = {"seven": "a word", "": "an empty line",
          "99999999999999999999": "a number that is far too large"}


@insight
def crashes_on_careless_input(traces: Traces) -> Iterator[Insight]:
    """What becomes of both when a user types what is no number."""
    found: Dict[str, List[Tuple[str, str, Evidence]]] = {}
    for trace in traces.of("careless_user"):
        first = next(iter(visits(trace)), None)
        if first is None:
            continue
        text = str(trace.facts["visits"][0]["text"])
        until = trace.facts.get("careless")
        for role, program in (("server", "server"), ("client", first.program)):
            end = End(trace, program, first.begin, until)
            if end.crash:
                found.setdefault(role, []).append(
                    (_KINDS.get(text, repr(text)), end.crash,
                     trace.evidence(first.typed, end.n))
                )
    for role, seen in found.items():
        yield Insight(
            "%s-crashes-on-input" % role,
            "the %s crashes when a client's user types %s (%s)"
            % (role, _listed([kind for kind, _c, _e in seen]), seen[0][1]),
            _MEND[role],
            tuple(evidence for _k, _c, evidence in seen),
        )


@insight
def stuck_after_careless_input(traces: Traces) -> Iterator[Insight]:
    """A server that lives on, and yet serves nobody after such a client."""
    for trace in traces.of("careless_user"):
        seen = visits(trace)
        if len(seen) > 1 and trace.facts.get("server-listens") and (
            not seen[1].served and _serves_others(traces)
        ):
            kind = _KINDS.get(str(trace.facts["visits"][0]["text"]), "nonsense")
            yield Insight(
                "server-stuck-after-input",
                "after a client whose user types %s the server still runs, but"
                " it does not serve the next client" % kind,
                "Close that client's socket, and go back to accept().",
                (trace.evidence(seen[0].typed, seen[1].end),),
            )
            return


@insight
def spins(traces: Traces) -> Iterator[Insight]:
    """A program that asks again and again instead of waiting."""
    told = set()
    for script in ("exchange", "edges", "outside", "careless_user"):
        for trace in traces.of(script):
            for program, n in _spinning(trace):
                role = "server" if program == "server" else "client"
                if role in told:
                    continue
                told.add(role)
                yield Insight(
                    "busy-wait",
                    "the %s uses a whole processor while it waits" % role,
                    "Wait in recv() or accept(). When recv() returns nothing"
                    " the other side has closed: leave that loop.",
                    (trace.evidence(n),),
                )


def _spinning(trace: Trace) -> Iterator[Tuple[str, int]]:
    for state in trace.states():
        if state.outcome == "busy":
            for thread in state.threads:
                if thread["wait"] == "running":
                    yield str(thread["program"]), state.n


def _serves_others(traces: Traces) -> bool:
    return all(
        sum(v.served for v in visits(trace)) > 1
        for trace in traces.of("exchange")
    )


def _listed(kinds: List[str]) -> str:
    return " or ".join([", ".join(kinds[:-1])] * (len(kinds) > 1) + kinds[-1:])
