"""Does a transcript tell what happened, and nothing of the moment?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Dict, List, Tuple

import pytest

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


def begun() -> made_up.Stream:
    s = made_up.Stream()
    s.add("started", program="server", pid=7)
    s.add("ok", id=1)
    return s


def left_early(leaver: str, other: str, late: bool) -> List[Event]:
    """One side has closed, and refuses what still comes; `late` is the
    refusal that comes when the other side has closed too."""
    s = begun()
    client = "10.0.0.2:40112"
    sides = {"client": client, "server": made_up.SERVER}
    s.connect(client)
    s.packet(sides[leaver], sides[other], "FA")
    s.say(sides[other], sides[leaver], "hello")
    if late:
        s.packet(sides[other], sides[leaver], "FA")
    s.packet(sides[leaver], sides[other], "R")
    return s.events


@pytest.mark.parametrize("sides", [("client", "server"), ("server", "client")])
def test_how_fast_a_refusal_comes_does_not_matter(sides: Tuple[str, str]) -> None:
    soon, late = (
        transcript.of_record(record(left_early(*sides, late))) for late in (False, True)
    )
    assert soon == late
    assert "closes" in str(soon)


def test_who_closes_an_open_connection_is_told() -> None:
    s = begun()
    client = "10.0.0.2:40112"
    s.connect(client)
    s.packet(client, made_up.SERVER, "FA")
    s.packet(made_up.SERVER, client, "FA")
    told = str(transcript.of_record(record(s.events)))
    assert told.count("closes") == 2
