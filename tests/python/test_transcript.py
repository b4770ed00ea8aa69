"""Does a transcript tell what happened, and nothing of the moment?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List

import made_up
from grader import transcript
from grader.model import Event, Outcome, ScenarioRecord


def record(events: List[Event], **facts: Any) -> ScenarioRecord:
    known: Dict[str, Any] = {**made_up.FACTS, **facts}
    return ScenarioRecord("run", Outcome.FINISHED, events=tuple(events), facts=known)


def run(early: bool = False, port: int = 40112) -> ScenarioRecord:
    """A client connects and says something; `early`: what came of a command is
    told before the command itself."""
    s = made_up.Stream()
    client = "10.0.0.2:%d" % port
    s.add("started", program="server", pid=port)
    s.add("ok", id=1)
    s.add("output", program="server", text="\x1b[1mready\x1b[0m\n\n")
    s.add("state", id=2, outcome="settled", threads=[], sockets=[])
    if not early:
        s.add("started", program="h2", pid=9)
    s.connect(client)
    s.add("output", program="server", text="hel")
    s.add("output", program="server", text="lo\n")
    if early:
        s.add("started", program="h2", pid=9)
    s.add("ok", id=3)
    s.add("typed", program="h2", text="Besudo\n")
    s.add("ok", id=4)
    s.say(client, made_up.SERVER, "Besudo")
    s.packet(client, made_up.SERVER, "FA")
    s.add("exit", program="h2", code=0)
    return record(s.events)


def test_tells_what_came_of_each_step() -> None:
    assert transcript.of_record(run()) == [
        {"did": "start server", "then": {"server prints": ["ready"]}},
        {
            "did": "start h2",
            "then": {"server prints": ["hello"], "h2 to h1": ["connects"]},
        },
        {
            "did": "type into h2: Besudo\n",
            "then": {
                "h2 ends": ["status 0"],
                "h2 to h1": ["sends 'Besudo'", "closes"],
            },
        },
    ]


def test_ports_and_the_order_of_the_telling_do_not_matter() -> None:
    assert transcript.of_record(run()) == transcript.of_record(run(True, 51000))


def test_what_the_driver_ended_itself_is_no_part_of_it() -> None:
    whole = run()
    closing = next(e["n"] for e in whole.events if e["ev"] == "typed")
    cut = replace(whole, facts={**whole.facts, "closing": closing})
    assert transcript.of_record(cut) == transcript.of_record(whole)[:2]


def test_a_connection_that_nobody_answers_is_told() -> None:
    s = made_up.Stream()
    s.add("started", program="h2")
    s.packet(made_up.X, made_up.SERVER, "S")
    told = transcript.of_record(record(s.events))
    assert told[0]["then"] == {"h2 to h1": ["is not answered"]}


def test_a_run_left_to_chance_has_none() -> None:
    whole = run()
    left = replace(whole, facts={**whole.facts, "chance": True})
    assert transcript.of_record(left) == []
    broken = replace(whole, outcome=Outcome.HARNESS)
    assert transcript.of_record(broken) == []
