"""Lab `order`: how does a server wait for two clients at once?

Seen from outside: its processes and threads, and what each of them waits
for while both clients are connected and neither has sent anything.
"""

from __future__ import annotations

from typing import Any, Dict, List, Mapping, Optional, Sequence

from grader.api import State, Traces

from .weighing import OWN, PEER_CLIENTS

#: A JVM's own threads, as the kernel knows them (15 letters of a name).
_OF_THE_JVM = (
    "VM ", "GC ", "G1 ", "C1 ", "C2 ", "Reference Handl", "Finalizer",
    "Signal Dispatch", "Service Thread", "Monitor Deflati", "Notification Th",
    "Common-Cleaner", "Sweeper thread", "Attach Listener", "DestroyJavaVM",
    "Cleaner-", "process reaper", "Java2D", "Read-Poller", "Write-Poller",
)  # fmt: skip
#: What a wait of the protocol is in the words of a person.
_WORDS = {
    "accept": "for a connection",
    "receive": "to receive",
    "send": "to send",
    "futex": "for another thread",
    "child": "for another process",
    "poll": "for several sockets",
    "terminal": "for its terminal",
    "sleep": "for time to pass",
    "running": "by asking again and again",
}


def threads_of_server(
    state: State, language: str
) -> List[Mapping[str, Any]]:
    """The server's own threads; those that its language brings along do not
    count. Each has what c_src/PROTOCOL.md says."""
    every: List[Mapping[str, Any]] = [
        t for t in state.threads if t["program"] == "server"
    ]
    if language == "java":  # the first thread only waits for the others
        return [
            t
            for t in every
            if t["tid"] != t["pid"] and not t["name"].startswith(_OF_THE_JVM)
        ]
    if language == "node":
        return [t for t in every if t["tid"] == t["pid"]]
    return every


def is_concurrent(threads: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two things of one server can happen at the same time."""
    return len(threads) > 1


def observed_concurrency(traces: Traces) -> str:
    """What the server was seen to do with two clients, for a person."""
    source = traces.source_of("server")
    language = source.language if source else ""
    best: Optional[State] = None
    most: List[Mapping[str, Any]] = []
    for trace in traces.of(OWN) or traces.of(PEER_CLIENTS):
        n = trace.facts.get("both-connected")
        state = trace.state(n) if n else None
        threads = threads_of_server(state, language) if state else []
        if len(threads) > len(most):
            best, most = state, threads
    if best is None:
        return "the server was never seen with two clients"
    return "%s; %s; %s" % (_form(most), _waiting(most), _idle(best, most))


def _form(threads: Sequence[Mapping[str, Any]]) -> str:
    processes = {t["pid"] for t in threads}
    if len(processes) > 1:
        if len(threads) == len(processes):
            return "%d processes with one thread each" % len(processes)
        return "%d processes with %d threads" % (len(processes), len(threads))
    if len(threads) > 1:
        return "one process with %d threads" % len(threads)
    if threads[0]["wait"] == "poll" and len(threads[0].get("fds", ())) > 1:
        return "one process with one thread, an event loop"
    return "one process with one thread"


def _waiting(threads: Sequence[Mapping[str, Any]]) -> str:
    """ "waiting: 2 to receive, 1 for another thread" """
    counts: Dict[str, int] = {}
    for thread in threads:
        words = _WORDS.get(thread["wait"], "for something else")
        counts[words] = counts.get(words, 0) + 1
    if len(threads) == 1:
        return "waiting " + next(iter(counts))
    told = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return "waiting: " + ", ".join("%d %s" % (n, words) for words, n in told)


def _idle(state: State, threads: Sequence[Mapping[str, Any]]) -> str:
    """What it costs while nothing happens. In words: the figures of a wait
    differ from one grading to the next."""
    if any(t["wait"] == "running" for t in threads) and state.outcome == "busy":
        return "it uses a whole processor while it waits"
    if any(t["wait"] == "sleep" or t.get("timed") for t in threads):
        return "it wakes up again and again while it waits"
    return "it uses no processor while it waits"
