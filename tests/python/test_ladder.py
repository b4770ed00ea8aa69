"""Does a ladder tell what happened, in order, and no more?"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, List, Tuple

import pytest

import made_up
from grader import ladder, ladder_text, model, waits, words
from grader.ladder import Kind, Ladder
from grader.words import Style

X, Y, SERVER = made_up.X, made_up.Y, made_up.SERVER


def record(stream: made_up.Stream, **changes: Any) -> model.ScenarioRecord:
    events = tuple(stream.events)
    base = model.ScenarioRecord(
        "run", model.Outcome.FINISHED, "", events, made_up.FACTS
    )
    return replace(base, **changes)


def kinds(found: Ladder) -> List[Kind]:
    return [step.kind for step in found.steps]


def arrows(found: Ladder, kind: Kind) -> List[Tuple[str, str, str]]:
    return [
        (found.lanes[step.lane].title, found.lanes[step.to].title, step.text)
        for step in found.steps
        if step.kind is kind
    ]


def drawn(found: Ladder, width: int = 80) -> str:
    return "\n".join(ladder_text.draw(found, Style(width)))


def test_the_server_stands_between_two_clients() -> None:
    found = ladder.layout(made_up.exchange()[0])
    assert [one.title for one in found.lanes] == [
        "client X", "server", "client Y",
    ]  # fmt: skip


def test_the_server_stands_left_of_more_clients() -> None:
    programs = {
        name: {"host": name, "label": name} for name in ("h2", "h3", "h4")
    }
    programs["server"] = {"host": "h1", "label": "server"}
    facts = {**made_up.FACTS, "programs": programs}
    found = ladder.layout(record(made_up.Stream(), facts=facts))
    assert [one.title for one in found.lanes] == ["server", "h2", "h3", "h4"]


def test_tells_connections_messages_and_endings_in_order() -> None:
    found = ladder.layout(made_up.exchange()[0])
    assert arrows(found, Kind.CONNECT) == [
        ("client X", "server", ""), ("client Y", "server", ""),
    ]  # fmt: skip
    assert arrows(found, Kind.MESSAGE) == [
        ("server", "client X", "Client X connected"),
        ("server", "client Y", "Client Y connected"),
        ("client Y", "server", "birch"),
        ("client X", "server", "alder"),
        ("server", "client X", "X: alder received before Y: birch"),
    ]
    assert arrows(found, Kind.CLOSE) == [("client X", "server", "")]
    exits = [one.words for one in found.steps if one.kind is Kind.EXIT]
    assert exits == ["ends"]


def test_leaves_out_acknowledgements_without_data() -> None:
    stream = made_up.Stream()
    stream.packet(X, SERVER, "A")
    stream.packet(SERVER, X, "SA")
    assert kinds(ladder.layout(record(stream))) == []


def test_steps_are_told_by_time_and_not_by_number() -> None:
    stream = made_up.Stream()
    stream.add("output", program="h2", text="late")
    stream.say(X, SERVER, "early")
    stream.events[0]["t"] = 9.0
    found = ladder.layout(record(stream))
    assert kinds(found) == [Kind.MESSAGE, Kind.PRINT]


def test_a_segment_that_was_sent_before_is_marked() -> None:
    stream = made_up.Stream()
    stream.connect(X)
    number = stream.say(X, SERVER, "hello")
    stream.say(X, SERVER, "more")
    for at, n in ((0.5, 90), (0.6, 91)):
        stream.events.append({**stream.events[number - 1], "t": at, "n": n})
    found = ladder.layout(record(stream))
    told = [(step.text, step.again) for step in found.steps[1:]]
    assert told == [
        ("hello", False), ("more", False), ("hello", True), ("hello", True),
    ]  # fmt: skip
    assert drawn(found).count("(sent again)") == 2


def test_sequence_numbers_may_go_round() -> None:
    stream = made_up.Stream()
    for text, seq in (("a", 2**32 - 1), ("b", 0), ("c", 1)):
        number = stream.packet(X, SERVER, "AP", text)
        stream.events[number - 1]["seq"] = seq
    found = ladder.layout(record(stream))
    assert [step.again for step in found.steps] == [False, False, False]


def test_a_refused_connection_is_told_from_one_that_is_broken_off() -> None:
    stream = made_up.Stream()
    stream.packet(X, SERVER, "S")
    stream.packet(SERVER, X, "RA")
    stream.connect(Y)
    stream.packet(Y, SERVER, "R")
    found = ladder.layout(record(stream))
    assert [step.words for step in found.steps] == [
        "tries to connect", "refuses", "connects", "breaks the connection off",
    ]  # fmt: skip


def test_only_the_servers_capture_is_drawn() -> None:
    stream = made_up.Stream()
    number = stream.say(X, SERVER, "once")
    twin = {**stream.events[number - 1], "host": "h2", "n": 50}
    stream.events.insert(0, twin)
    assert kinds(ladder.layout(record(stream))) == [Kind.MESSAGE]


def test_an_address_that_is_nobodys_gets_a_lane_of_its_own() -> None:
    stream = made_up.Stream()
    stream.connect("10.9.9.9:4000")
    found = ladder.layout(record(stream))
    assert arrows(found, Kind.CONNECT) == [("10.9.9.9", "server", "")]


def test_output_in_pieces_is_one_step() -> None:
    stream = made_up.Stream()
    for piece in ("one\ntw", "o\n"):
        stream.add("output", program="h2", text=piece)
    stream.add("output", program="h3", text="other")
    found = ladder.layout(record(stream))
    assert [step.text for step in found.steps] == ["one\ntwo\n", "other"]
    assert found.steps[0].events == (1, 2)


def test_bytes_that_are_no_text_are_told_as_bytes() -> None:
    stream = made_up.Stream()
    stream.add("output", program="h2", hex="00ff41")
    assert '"\\x00\\xffA"' in drawn(ladder.layout(record(stream)))


def test_ends_with_what_each_program_waits_for() -> None:
    text = drawn(ladder.layout(made_up.exchange()[0]), 100)
    assert "at the end waits to receive from client Y" in text
    assert "at the end waits to receive from server" in text
    assert "KILL" not in text  # labrun clearing away is no part of the story


def test_a_kill_while_the_script_runs_is_told() -> None:
    stream = made_up.Stream()
    stream.add("exit", program="server", signal="KILL")
    stream.state(h2=("terminal", ""))
    text = drawn(ladder.layout(record(stream)))
    assert "is ended by signal KILL" in text


def test_an_early_state_is_told_only_as_evidence() -> None:
    run, at = made_up.exchange()
    waits = "waits to receive from client X"
    assert waits not in drawn(ladder.layout(run), 100)
    text = drawn(ladder.layout(run, {at["early"]: "3"}), 100)
    assert waits in text and "◀ 3" in text


def test_marks_and_notes_stand_at_their_events() -> None:
    run, at = made_up.exchange()
    found = ladder.layout(run, {at["birch"]: "8", at["ack"] + 1: "9"})
    marks = {step.text: step.marks for step in found.steps if step.marks}
    # An acknowledgement is not drawn: its mark goes to the step before it.
    assert marks == {
        "birch": ("8",), "X: alder received before Y: birch": ("9",),
    }  # fmt: skip
    lines = drawn(found).split("\n")
    at_line = next(i for i, line in enumerate(lines) if "◀ 8" in line)
    assert '"birch"' in lines[at_line]
    assert "↑ Y's message reached the server" in lines[at_line + 1]


def test_keys_are_told_as_keys() -> None:
    stream = made_up.Stream()
    stream.add("typed", program="h2", text="\x03")
    stream.add("typed", program="h2", text="alder\n")
    text = drawn(ladder.layout(record(stream)))
    assert "user presses Ctrl-C" in text and 'user types "alder"' in text


def test_a_lane_ends_with_its_program() -> None:
    stream = made_up.Stream()
    stream.add("output", program="h2", text="before")
    stream.add("exit", program="h2", code=3)
    stream.add("output", program="h3", text="after")
    lines = drawn(ladder.layout(record(stream))).split("\n")
    alive = [line.count("│") + line.count("●") for line in lines[2:]]
    assert alive == [3, 2, 2]
    assert "ends with exit status 3" in lines[3]


def long_run() -> model.ScenarioRecord:
    stream = made_up.Stream()
    for number in range(500):
        stream.say(X if number % 2 else Y, SERVER, "message %d" % number)
    return record(stream)


def test_a_long_run_keeps_its_ends_and_what_is_marked() -> None:
    run = long_run()
    found = ladder.layout(run, {501: "4"}, most=20)
    texts = [step.text for step in found.steps]
    assert len(texts) <= 24
    assert "message 0" in texts and "message 499" in texts
    assert [step.text for step in found.steps if step.marks] == ["message 250"]
    gaps = [step for step in found.steps if step.kind is Kind.GAP]
    left_out = sum(int(step.words.split()[0]) for step in gaps)
    assert left_out + len(texts) - len(gaps) == 500


@pytest.mark.parametrize("width", [58, 60, 78, 80, 100])
@pytest.mark.parametrize("marked", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, marked: bool) -> None:
    stream = made_up.Stream()
    evil = "\x1b[2J" * 99
    for text in ("word " * 80, "x" * 900, "漢字" * 200, evil, "a\n" * 99):
        number = stream.say(X, SERVER, text)
        stream.add("output", program="h3", text=text)
        stream.add("exit", program="h9", code=1)
    marks = {number: "3,4,5,6,7,8"} if marked else {}
    notes = {number: "a note " * 30}
    found = ladder.layout(record(stream, marks=notes), marks)
    for line in ladder_text.draw(found, Style(width)):
        assert words.columns(line) <= width, line
        assert line == words.printable(line)


def test_nothing_seen_is_said_in_words() -> None:
    assert drawn(ladder.layout(record(made_up.Stream()))) == (
        "nothing was seen in this run"
    )


def test_draws_in_ascii() -> None:
    run = made_up.exchange()[0]
    lines = ladder_text.draw(ladder.layout(run), Style(80, unicode=False))
    assert "\n".join(lines).isascii()
    assert any("|<--" in line for line in lines)


def test_in_detail_a_program_s_wait_is_told_when_it_changes() -> None:
    stream = made_up.Stream()
    stream.state(server=("accept", ""))
    stream.state(server=("accept", ""))
    stream.state(server=("receive", X))
    stream.events[-1]["outcome"] = "snapshot"  # a mere moment proves nothing
    stream.state(server=("receive", Y))
    stream.state(server=("receive", Y))
    run = record(stream)
    assert [step.words for step in ladder.layout(run, detail=True).steps] == [
        "waits for a connection", "waits to receive from client Y",
        "at the end waits to receive from client Y",
    ]  # fmt: skip
    assert len(ladder.layout(run).steps) == 1


def test_in_detail_the_end_of_the_script_is_a_step_if_something_goes_on() -> None:
    stream = made_up.Stream()
    stream.connect(X)
    closing = stream.packet(SERVER, X, "FA")
    facts = {**made_up.FACTS, "closing": closing}
    found = ladder.layout(record(stream, facts=facts), detail=True)
    assert kinds(found) == [Kind.CONNECT, Kind.OVER, Kind.CLOSE]
    facts = {**made_up.FACTS, "closing": closing + 1}
    found = ladder.layout(record(stream, facts=facts), detail=True)
    assert kinds(found) == [Kind.CONNECT, Kind.CLOSE]


def test_what_is_left_out_of_a_text_is_counted() -> None:
    stream = made_up.Stream()
    number = stream.say(X, SERVER, "m" * 5000)
    stream.events[number - 1]["len"] = 9000  # labrun had cut it as well
    stream.add("output", program="h2", text="a" * 1500)
    stream.add("output", program="h2", text="b" * 1500)
    stream.add("output", program="h3", hex="ff" * 3000)
    steps = ladder.layout(record(stream)).steps
    assert [len(step.text) + step.more for step in steps[:2]] == [9000, 3000]
    assert steps[2].more > 0


def test_a_program_that_prints_in_very_many_pieces_costs_little() -> None:
    stream = made_up.Stream()
    for _ in range(50_000):
        stream.add("output", program="h2", text="x\n")
    began = time.process_time()
    found = ladder.layout(record(stream))
    assert time.process_time() - began < 5  # with a copy for each piece: 20
    assert len(found.steps) == 1 and len(found.steps[0].events) == 50_000


def test_several_peers_that_one_waits_for_are_told_together() -> None:
    phrases = [
        "waits to receive from h2", "waits for a connection",
        "waits to receive from h3",
    ]  # fmt: skip
    assert waits.joined(phrases) == (
        "waits to receive from h2, h3; waits for a connection"
    )
