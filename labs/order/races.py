"""Lab `order`: what happens when both messages arrive at once?

The server is held with a signal until both messages lie in its queues, and
goes on then: whoever waits for them wakes up at the same time. First with the
submission's own clients, then round after round with peers that say the same,
as long as there is time. Nothing here is worth points.
"""

from __future__ import annotations

import re
from typing import Dict, Iterator, List, Optional, Tuple

from grader.api import (
    Access,
    Handle,
    Insight,
    Run,
    Stuck,
    Trace,
    Traces,
    data_races,
    insight,
    scenario,
)

from .concurrency import is_concurrent, threads_of_server
from .insights import SLEEPS
from .odd_clients import split_message, third_client
from .parts import OWN_CLIENTS, ROUND, SANITIZED, Part, Told, names_both, parts, told
from .pair import Pair
from .reading import Exchange
from .replay import FIRST, SERVER, Replay
from .same_words import same_words
from .scenarios import see_out, start_server

#: Seconds for all rounds together. A grading takes little more than half a
#: second, and nobody shall wait for what costs no points.
HUNT_S = 0.2
#: The same where ThreadSanitizer has looked already, which misses less.
SHORT_HUNT_S = 0.1
MOST_ROUNDS = 24
#: A server that sleeps this long, in seconds, is not made to sleep again.
LONG_S = 0.3
_SLEEP = re.compile(r"(\w*)sleep\s*\(\s*([\d.]*)", re.IGNORECASE)
#: What one second is to who sleeps: usleep(), nanosleep(), Java's sleep().
_UNITS = {"u": 1e6, "nano": 1e9}


@scenario(spare=True)
def both_at_once(run: Run) -> None:
    """Two messages lie in the server's queues before it may look."""
    run.facts["chance"] = True  # which of them it takes first
    run.free_ports(SERVER)
    replay = _with_own_clients(run)
    if replay is None:
        return
    try:
        third_client(replay)
        split_message(replay)
        same_words(replay)
        if run.facts["concurrent"]:
            _hunt(replay, SHORT_HUNT_S if _sanitized(replay) else HUNT_S)
    except Stuck as stuck:
        run.facts["not-tried"] = str(stuck)


def _with_own_clients(run: Run) -> Optional[Replay]:
    """The first round. What it takes to do it again; None where it cannot or
    should not be done again."""
    listener = start_server(run)
    server = Handle("server", "server", SERVER)
    pair = Pair(run, FIRST)
    pair.start("X", listener)
    pair.start("Y", listener)
    run.facts["both-connected"] = run.state.n
    language = run.language("server")
    run.facts["concurrent"] = is_concurrent(threads_of_server(run.state, language))
    for client in pair.clients.values():
        run.ready_for_input(client)
    run.signal(server, "STOP")
    run.settle()  # a receive that is under way would still take a message
    pair.speak("X")
    pair.speak("Y")
    held = run.facts["held"] = run.settle().n
    run.signal(server, "CONT")
    see_out(run, pair, "XY")
    run.facts["parts"] = [
        {"kind": OWN_CLIENTS, "begin": 1, "held": held, "end": run.state.n}
    ]
    replay = Replay(run, server, pair.hosts)
    if listener is None or not replay.learn(pair.clients):
        run.facts["not-tried"] = "its clients send more than one message each"
    elif sleeps_long(run.source("server"), language):
        run.facts["not-tried"] = SLEEPS
    else:
        return replay
    return None


def sleeps_long(source: str, language: str) -> bool:
    """Whether a server's source asks for a long sleep. It is read and not
    measured: a busy machine would make any server a slow one."""
    for word, number in _SLEEP.findall(source):
        unit = 1e3 if language == "java" else _UNITS.get(word.lower(), 1.0)
        try:
            if float(number) / unit >= LONG_S:
                return True
        except ValueError:
            return True  # a variable, a random number
    return False


def _sanitized(replay: Replay) -> bool:
    """Once with the server built so that it tells its data races; whether
    that could be done."""
    variant = replay.run.sanitized(replay.server)
    if variant is None:
        return False
    replay.begin(SANITIZED, variant)
    replay.both_at_once()
    replay.end()
    return True


def _hunt(replay: Replay, seconds: float) -> None:
    """Rounds for as long as there is time; every other one with threads that
    change places all the time, where the language can do that."""
    hurried = replay.run.hurried(replay.server)
    for count in replay.run.rounds(seconds, MOST_ROUNDS):
        replay.begin(ROUND, None if count % 2 else hurried)
        replay.both_at_once()
        replay.end()
    replay.clear()


# ---- what it shows ---------------------------------------------------------


@insight
def race(traces: Traces) -> Iterator[Insight]:
    """Two messages that are there together must give one answer."""
    if not _right_one_by_one(traces):
        return  # then it is no race that goes wrong
    rounds, wrong = _rounds(traces)
    lost = wrong.get(Told.ONE, []) + wrong.get(Told.NOTHING, [])
    if lost:
        yield Insight(
            "race-lost-answer",
            "when both messages arrive together, a client may get no answer",
            "Two threads decide at once who was first: let them do it"
            " behind one lock.",
            tuple(part.evidence for part in lost),
            measured=_in_rounds(lost, rounds),
            chance=True,
        )
    different = wrong.get(Told.DIFFERENT, [])
    if different:
        yield Insight(
            "race-different-answers",
            "when both messages arrive together, the clients may be told"
            " different things",
            "Two threads decide at once who was first: let them do it"
            " behind one lock, and send both the same sentence.",
            tuple(part.evidence for part in different),
            measured=_in_rounds(different, rounds),
            chance=True,
        )
    mixed = wrong.get(Told.MIXED, [])
    if mixed:
        yield Insight(
            "race-mixed-messages",
            "when both messages arrive together, they may be mixed up: one"
            " letter or one message stands for both",
            "A thread changes what another one is still using: keep the two"
            " messages apart, or let the threads change them behind one lock.",
            tuple(part.evidence for part in mixed),
            measured=_in_rounds(mixed, rounds),
            chance=True,
        )


def _rounds(traces: Traces) -> Tuple[List[Part], Dict[Told, List[Part]]]:
    """All rounds, and the same by what the clients were told."""
    whole = all(names_both(Exchange(trace)) for trace in traces.of("exchange"))
    every = [*parts(traces, OWN_CLIENTS), *parts(traces, ROUND)]
    rounds = [part for part in every if part.exchange.both_arrived]
    by_answer: Dict[Told, List[Part]] = {}
    for part in rounds:
        answer = told(part.exchange)
        if answer is Told.SAME and whole and not names_both(part.exchange):
            answer = Told.MIXED  # both messages are named on other days
        by_answer.setdefault(answer, []).append(part)
    return rounds, by_answer


def _in_rounds(some: List[Part], rounds: List[Part]) -> str:
    return "in %d of %d rounds" % (len(some), len(rounds))


def _right_one_by_one(traces: Traces) -> bool:
    """Whether the clients are told the same when they send one by one."""
    runs = [Exchange(trace) for trace in traces.of("exchange")]
    return bool(runs) and all(told(x) is Told.SAME for x in runs)


@insight
def races_not_tried(traces: Traces) -> Iterator[Insight]:
    """Where a hunt was called for and did not take place."""
    if not _right_one_by_one(traces):
        return
    for trace in traces.of("both_at_once"):
        tried = any(p["kind"] == ROUND for p in trace.facts.get("parts", ()))
        why = trace.facts.get("not-tried") or trace.record.reason
        if why and trace.facts.get("concurrent", True) and not tried:
            yield Insight(
                "races-not-tried",
                "what the server does when both messages arrive together, time"
                " after time, was not tried: %s" % why,
                chance=True,
            )


@insight
def unlocked_data(traces: Traces) -> Iterator[Insight]:
    """What ThreadSanitizer tells of the server."""
    for part in parts(traces, SANITIZED):
        found = data_races(part.trace.output("server"))
        if not found:
            continue
        where = part.trace.output_event("server", "threadsanitizer: data race")
        places = "; ".join(_place(one.accesses, one.variable) for one in found[:4])
        yield Insight(
            "unlocked-data",
            "threads of the server use the same data, and nothing keeps them"
            " apart (found by ThreadSanitizer)",
            "Take a mutex around each use of what several threads share, or"
            " let only one thread use it after join.",
            (part.whole.evidence(where),),
            measured=places,
        )


def _place(accesses: Tuple[Access, Access], variable: str) -> str:
    """`first`: server.c:31 (read) and server.c:32 (write)"""
    sides = " and ".join(
        "%s:%d (%s)" % (one.file, one.line, one.kind) for one in accesses
    )
    return "`%s`: %s" % (variable, sides) if variable else sides


@insight
def unstable(traces: Traces) -> Iterator[Insight]:
    """Runs that differ only in the hosts of the clients must go alike."""
    if {"client-x", "client-y"} <= {p.role for p in traces.programs}:
        return  # two programs: with the hosts they change places too
    by_order: Dict[str, List[Trace]] = {}
    for trace in traces.of("exchange"):
        order = trace.name.partition("first, ")[2]
        by_order.setdefault(order, []).append(trace)
    odd = [
        pair
        for pair in by_order.values()
        if len({_course(Exchange(trace)) for trace in pair}) > 1
    ]
    if odd:
        runs = len(traces.of("exchange"))
        yield Insight(
            "unstable",
            "the programs behave differently from run to run, where only the"
            " hosts of the clients differ",
            "Look for what is left to chance: two threads that use the same"
            " data, or a sleep in the place of a wait.",
            tuple(
                trace.evidence(trace.facts.get("end"))
                for pair in odd
                for trace in pair
            ),
            measured="in %d of %d runs" % (len(odd), runs),
            chance=True,
        )


def _course(x: Exchange) -> Tuple[object, ...]:
    """What a run comes to, without what two right runs may differ in."""
    sentences = [x.sentence(client) for client in x.clients]
    owners = {client.message: client.label for client in x.clients}
    return (
        x.both_connected,
        tuple(frozenset(x.greeting(client)) for client in x.clients),
        tuple(
            (owners.get(one.first), one.letters) if one else None
            for one in sentences
        ),
        tuple(x.took(client) for client in x.clients),
        tuple(x.server_printed(client) for client in x.clients),
    )
