"""Lab `order`: the rows that a person decides, and what helps them."""

from __future__ import annotations

from typing import Dict, Set

from grader.api import Finding, Traces, check, leading_comment, manual, plain

from .weighing import OWN, PEER_CLIENTS


@check("explains-multithreading")
def explains_multithreading(traces: Traces) -> Finding:
    source = traces.source_of("server")
    if source is None:
        return manual("there is no source of a server to read")
    comment = leading_comment(source)
    notes = ["observed: " + observed_concurrency(traces)]
    if not comment:
        elsewhere = [
            "%s speaks of threads" % other.path
            for other in traces.sources
            if "thread" in plain(leading_comment(other))
        ]
        return manual(
            "%s does not begin with a comment" % source.path,
            notes=notes + elsewhere,
        )
    about = "speaks" if "thread" in plain(comment) else "does not speak"
    return manual(
        "the comment at the top of %s (%d words) %s of threads:\n%s"
        % (source.path, len(comment.split()), about, comment),
        notes=notes,
    )


@check("readable")
def readable(traces: Traces) -> Finding:
    files = [
        "%s: %d lines, %d %% comment" % (s.path, s.lines, round(100 * s.comments))
        for s in traces.sources
    ]
    warned = ["warning: " + text for text in traces.warnings]
    return manual(
        "%d source files, %d warnings" % (len(files), len(warned)),
        notes=files + warned,
    )


def observed_concurrency(traces: Traces) -> str:
    """How the server waited for two clients at once."""
    most: Dict[int, Set[int]] = {}
    kinds = set()
    for trace in traces.of(OWN) or traces.of(PEER_CLIENTS):
        n = trace.facts.get("both-connected")
        if not n:
            continue
        processes: Dict[int, Set[int]] = {}
        for thread in trace.state(n).threads:
            if thread["program"] == "server":
                processes.setdefault(thread["pid"], set()).add(thread["tid"])
                kinds.add(thread["wait"])
        if sum(map(len, processes.values())) > sum(map(len, most.values())):
            most = processes
    if not most:
        return "the server was never seen with two clients"
    threads = sum(map(len, most.values()))
    if len(most) > 1:
        form = "%d processes, %d threads" % (len(most), threads)
    elif threads > 1:
        form = "one process with %d threads" % threads
    else:
        form = "one process with one thread"
    return "%s; waiting in: %s" % (form, ", ".join(sorted(kinds)))
