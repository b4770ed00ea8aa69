"""Lab `order`: the rows that a person decides, and what helps them."""

from __future__ import annotations

from grader.api import Finding, Traces, check, leading_comment, manual, plain

from .concurrency import observed_concurrency


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
