"""Lab `chat`: what is worth telling and costs no points?"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterator, Sequence

from grader.api import End, Insight, State, Trace, Traces, insight

from .going import came, two_are_too_many, visit_of
from .odd_guests import LONG
from .reading import Visit, echoed, minutes

_LOCKS = re.compile(
    r"Lock\(|Semaphore|Condition\(|Queue\(|synchronized|ReentrantLock|Atomic"
    r"|Concurrent|Collections\.sync|Vector<|sem_wait|mtx_lock|rwlock|[Mm]utex"
    r"|lock_guard|unique_lock|scoped_lock|\batomic\b|_Atomic|\batomic_\w"
)
_CHANGES = re.compile(r"\bglobal\s|[+-]= ?1\b|\+\+|--|\.(?:append|remove|pop|add|put)\(")
#: Minutes that a time in the record may lie back, modulo half an hour: time
#: zones differ by multiples of that.
_HALF_HOUR, _OLDEST = 30, 2


@insight
def killed_guest(traces: Traces) -> Iterator[Insight]:
    """A client that is killed instead of leaving keeps its place."""
    if two_are_too_many(traces):
        return  # then it may be the silent ones that hold up the new one
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
def bare_connection(traces: Traces) -> Iterator[Insight]:
    """A connection that says nothing holds up the clients."""
    talk = visit_of(traces, "talk")
    if talk is None or not any(said.reply for said in talk.said):
        return  # then it is not the connection that holds them up
    for trace in traces.of("odd_guests"):
        if trace.facts.get("beside-a-bare-one") is False:
            yield Insight(
                "silent-connection-blocks",
                "while a connection is open on which nothing is said, no client"
                " gets an answer",
                "Between two calls of accept() wait for nobody: read the name,"
                " too, in the client's own thread.",
                (trace.evidence(trace.facts.get("end")),),
            )


@insight
def two_lines(traces: Traces) -> Iterator[Insight]:
    """Two lines that arrive together are two lines."""
    for trace in traces.of("odd_guests"):
        fact = trace.facts.get("two-lines")
        if fact and not all(echoed(text, fact["heard"]) for text in fact["texts"]):
            yield Insight(
                "two-lines-in-one-segment",
                "two lines that arrive together are not answered one by one",
                "TCP is a stream of bytes: end each line with a newline, collect"
                " what recv() brings, and take it apart at the newlines.",
                (trace.evidence(fact["n"], fact["end"]),),
            )


@insight
def long_line(traces: Traces) -> Iterator[Insight]:
    """A very long line comes back whole."""
    for trace in traces.of("odd_guests"):
        fact = trace.facts.get("long-line")
        if fact and fact["arrived"] and not fact["whole"]:
            how = "is taken for %d lines" % fact["answers"]
            if fact["answers"] < 2:
                how = "does not come back whole"
            yield Insight(
                "long-line-broken", "a line of %d characters %s" % (LONG, how),
                "Call recv() until the newline is there; one call brings what"
                " has arrived, and no more than it was asked for.",
                (trace.evidence(fact["n"], fact["end"]),),
            )


@insight
def record_times(traces: Traces) -> Iterator[Insight]:
    """The times in the record are those of the clock."""
    for trace in traces.of("talk"):
        clock, said = trace.facts.get("clock"), Visit(trace).one("status-after")
        if clock is None or said is None:
            continue
        if is_another_time(clock, minutes(said.reply)):
            yield Insight(
                "record-times-wrong",
                "no time in the record is that at which somebody came or left",
                "Take the time where accept() returns and where the connection"
                " ends, each time anew.",
                (trace.evidence(said.end),),
            )


def is_another_time(clock: int, told: Sequence[int]) -> bool:
    """Whether none of these minutes of an hour is near the clock's, which
    is in seconds since the epoch."""
    back = [(clock // 60 - minute) % _HALF_HOUR for minute in told]
    return bool(back) and min(back) > _OLDEST


@insight
def failing_relay(traces: Traces) -> Iterator[Insight]:
    """What is relayed reaches the others also when somebody has left."""
    for trace in traces.of("talk"):
        x = Visit(trace)
        after = x.one("echo-after-leave")
        others = [guest.host for guest in came(x)[:3] if guest.host != "h3"]
        before = [said for said in x.said if said.kind == "echo" and any(
            x.reached(said, host) for host in others if host != said.host)]
        if not before or after is None or after.n is None:
            continue
        if trace.facts.get("leaver-connected") or trace.exit_of("server"):
            continue  # that is the loss of `exits-cleanly`
        missed = [h for h in others if h != after.host and not x.reached(after, h)]
        if missed or "Traceback" in trace.output("server", after.n):
            yield Insight(
                "relay-fails-after-leaving",
                "what a client says is no longer relayed once somebody has left",
                "Relay to those who are connected, not to everybody in the"
                " record, and let one send that fails not stop the others.",
                (trace.evidence(after.n, after.end),),
            )


@insight
def odd_files(traces: Traces) -> Iterator[Insight]:
    """Files that are empty or no text, and a path that leads elsewhere."""
    x = visit_of(traces, "files")
    if x is None or "odd" not in x.trace.facts:
        return
    odd: Dict[str, Any] = x.trace.facts["odd"]
    empty, binary, outside = odd["empty"], odd["binary"], odd["outside"]
    if empty["asked"] and not empty["got"] and empty["open"]:
        yield Insight(
            "empty-file-unanswered", "a file that is empty gets no answer at all",
            "Send the length first, also where it is 0.",
            (x.trace.evidence(empty["n"], empty["end"]),),
        )
    if binary["asked"] and not binary["whole"]:
        yield Insight(
            "binary-file-broken", "a file that is no text does not arrive unchanged",
            'Open files in binary ("rb") and send what you read as it is.',
            (x.trace.evidence(binary["n"], binary["end"]),),
        )
    if outside.get("reached"):
        yield Insight(
            "path-leads-outside",
            "a request for ../../etc/passwd is answered with that file",
            "Compare the name with the names in the folder (os.listdir), and"
            " send nothing else.",
            (x.trace.evidence(outside["n"], outside["end"]),),
        )


@insight
def own_client(traces: Traces) -> Iterator[Insight]:
    """The submission's own client comes through a large file."""
    for trace in traces.of("files"):
        own = trace.facts.get("own-client")
        sent = trace.facts.get("transfers", [])
        if not own or not sent or not all(t["whole"] for t in sent):
            continue
        fault = ""
        if own["runs"] and not own["asks-again"] and own["connected"]:
            fault = "the client hangs on a file of 1 MiB that the server sends whole"
        elif own["small-kept"] and not own["big-kept"]:
            fault = "the client does not keep the whole of a file of 1 MiB"
        elif End(trace, "h2").crash:
            fault = "the client crashes on a file of 1 MiB"
        if fault:
            yield Insight(
                "client-fails-on-transfer", fault,
                "Read in a loop until as many bytes are there as the server said,"
                " or until its end mark: recv() may return any part.",
                (trace.evidence(own["n"], own["end"]),),
            )


@insight
def unlocked_data(traces: Traces) -> Iterator[Insight]:
    """Threads that change the same data without a lock."""
    source = traces.source_of("server")
    if source is None or _LOCKS.search(source.text):
        return
    if not _CHANGES.search(source.text):
        return
    for trace in traces.of("talk"):
        for state in trace.states():
            if receiving_threads(state) > 1:
                yield Insight(
                    "unlocked-shared-data",
                    "several threads of the server change who is connected, and"
                    " there is no lock in its source",
                    "Guard the list, the record and the counters with one lock"
                    " (threading.Lock, synchronized, pthread_mutex_t).",
                    (trace.evidence(state.n),),
                )
                return


def receiving_threads(state: State) -> int:
    """How many threads of one process of the server wait for a client."""
    waiting = [t.get("pid") for t in state.threads
               if t.get("program") == "server" and t.get("wait") == "receive"]
    return max((waiting.count(pid) for pid in waiting), default=0)


@insight
def busy_wait(traces: Traces) -> Iterator[Insight]:
    """A server that spins while it waits."""
    for trace in traces:
        busy = next((n for n in _busy_states(trace)), None)
        if busy is not None:
            yield Insight(
                "busy-wait",
                "the server uses the processor while it waits",
                "Block in recv(), accept() or select() instead of asking"
                " again and again.",
                (trace.evidence(busy),),
            )
            return


def _busy_states(trace: Trace) -> Iterator[int]:
    for state in trace.states():
        if state.outcome == "busy" and "running" in state.waits("server"):
            yield state.n
