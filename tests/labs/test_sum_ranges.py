"""What do the numbers of lab `sum` show: at the edges, and spread over the
range?

The runs are made up: a client writes what it is told to, and a server takes it
for what it is told to. That real programs do so is tried by the examples.
"""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Callable, Sequence

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))
sys.path.insert(0, str(REPO / "tests" / "python"))

import made_up  # noqa: E402
from grader import lab  # noqa: E402
from grader.api import Traces  # noqa: E402
from grader.model import Outcome, Program, ScenarioRecord  # noqa: E402
from grader.names import Names  # noqa: E402
from grader.trace import Trace  # noqa: E402

SUM = lab.load("sum")
driving: Any = sys.modules["mngrade_lab_sum.driving"]
ranges: Any = sys.modules["mngrade_lab_sum.ranges"]

OWN = 42
HOSTS = ("h2", "h3", "h4")
EXCHANGE, EDGES = (50, 20, 90), (1, 100, 7)
PROGRAMS = [Program(role, ("python3", role + ".py")) for role in ("server", "client")]


def same(number: int) -> int:
    return number


def colon(number: int) -> str:
    return "Client of Ann: %d" % number


class Play:
    """Three clients come to a server, as far as it goes on."""

    def __init__(self, stops: Callable[[int], bool] = lambda n: False,
                 takes: Callable[[int], int] = same,
                 write: Callable[[int], str] = colon,
                 most: int = 9, crash: bool = False) -> None:
        self.stops, self.takes, self.write = stops, takes, write
        self.most, self.crash = most, crash

    def run(self, name: str, numbers: Sequence[int]) -> Trace:
        stream, visits, runs = made_up.Stream(), [], True
        stream.add("started", program="server")
        for at, (host, number) in enumerate(zip(HOSTS, numbers), 1):
            if not runs:
                break
            visits.append(self.visit(stream, host, number))
            runs = at < self.most and not self.stops(self.takes(number))
        if not runs:
            self.end(stream)
        facts = {
            "hosts": {h: "10.0.0.%d" % n for n, h in enumerate(("h1",) + HOSTS, 1)},
            "visits": visits, "listening": 1, "end": len(stream.events),
            "server-runs": runs, "server-listens": runs, "server-open": 0,
        }
        return Trace(ScenarioRecord(name, Outcome.FINISHED,
                                    events=tuple(stream.events), facts=facts))

    def visit(self, stream: Any, host: str, number: int) -> Any:
        client = "10.0.0.%s:40000" % host[1:]
        begin = stream.add("started", program=host)
        typed = stream.add("typed", program=host, text="%d\n" % number)
        stream.connect(client)
        stream.say(client, made_up.SERVER, self.write(number))
        n = self.takes(number)
        told = "Ann has connected to server of Bob\n%d + %d = %d\n" % (n, OWN, n + OWN)
        stream.add("output", program="server", text=told)
        stream.say(made_up.SERVER, client, "Server of Bob: %d" % OWN)
        told = "client of Ann: %d\nserver of Bob: %d\nsum: %d\n" % (
            number, OWN, number + OWN)
        stream.add("output", program=host, text=told)
        end = stream.add("exit", program=host, code=0)
        return {"program": host, "host": host, "number": number, "begin": begin,
                "typed": typed, "name": "", "text": str(number), "end": end}

    def end(self, stream: Any) -> None:
        if self.crash:
            stream.add("exit", program="server", signal="SEGV")
        else:
            stream.add("exit", program="server", code=0)


def judged(play: Play, numbers: Sequence[int] = EXCHANGE) -> Any:
    """What is lost, by criterion. Out of range nothing is looked at: there
    the made-up server would have to be asked again."""
    runs = [play.run("exchange", numbers), play.run("edges", EDGES)]
    traces = Traces(runs, SUM.rubric, PROGRAMS)
    found = {id: check(traces) for id, check in SUM.checks.items()}
    return {id: one.verdict.value for id, one in found.items()
            if one.verdict.value != "pass"}


def lost(play: Play, numbers: Sequence[int] = EXCHANGE) -> Any:
    verdicts = judged(play, numbers)
    if verdicts.get("stops-out-of-range") == "not-judged":
        del verdicts["stops-out-of-range"]
    return verdicts


# ---- at the edges -------------------------------------------------------------


def test_a_right_pair_loses_nothing_at_the_edges() -> None:
    assert lost(Play()) == {}


def test_old_digits_behind_a_short_number_cost_the_sum_and_the_next_client() -> None:
    def left(number: int) -> int:
        return 700 if number == 7 else number

    play = Play(stops=lambda n: n > 100, takes=left)
    assert lost(play) == {"server-shows-sum": "fail", "serves-again": "partial"}


def test_a_number_cut_short_by_the_client_is_the_clients_loss_alone() -> None:
    def cut(number: int) -> int:
        return int(str(number)[:2])

    play = Play(takes=cut, write=lambda n: colon(cut(n)))
    assert lost(play) == {"client-reads-integer": "fail"}


@pytest.mark.parametrize("edge", [1, 100])
def test_an_edge_that_ends_the_server_costs_one_row(edge: int) -> None:
    play = Play(stops=lambda n: n == edge)
    assert lost(play) == {"serves-again": "partial"}


def test_an_edge_that_is_refused_with_a_wrong_sum_costs_one_row() -> None:
    # It prints what it pleases before it ends: 1 is not its number then.
    play = Play(stops=lambda n: n == 0, takes=lambda n: n - (n == 1))
    assert lost(play) == {"serves-again": "partial"}


# ---- ends in range ------------------------------------------------------------


@pytest.mark.parametrize("numbers", [EXCHANGE, (44, 30, 98), (57, 11, 81)])
@pytest.mark.parametrize("most", [30, 58, 64, 79])
def test_an_end_that_numbers_in_range_bring_about_shows_nothing(
    most: int, numbers: Sequence[int]
) -> None:
    assert lost(Play(stops=lambda n: n > most), numbers) == {
        "serves-again": "partial", "stops-out-of-range": "fail",
    }  # fmt: skip


@pytest.mark.parametrize("most, again", [(2, "partial"), (3, "partial")])
def test_a_server_that_counts_its_clients_may_know_the_range(
    most: int, again: str
) -> None:
    assert lost(Play(most=most)) == {"serves-again": again}


def test_a_server_for_one_client_shows_nothing_by_its_end() -> None:
    assert lost(Play(most=1)) == {
        "serves-again": "fail", "stops-out-of-range": "fail",
    }  # fmt: skip


def test_a_crash_in_range_is_no_end() -> None:
    play = Play(stops=lambda n: n > 58, crash=True)
    assert lost(play) == {"serves-again": "partial"}


@pytest.mark.parametrize("crash, told", [
    (False, "the server ended after 90, which is in range"),
    (True, "the server crashed on 90, which is in range"),
])  # fmt: skip
def test_the_number_that_ended_the_server_is_told(crash: bool, told: str) -> None:
    trace = Play(stops=lambda n: n > 58, crash=crash).run("exchange", EXCHANGE)
    assert ranges.ended_by(trace).told == told


def test_a_run_that_was_broken_off_tells_of_no_end() -> None:
    trace = Play().run("exchange", EXCHANGE)
    for fact in ("end", "server-runs", "server-listens"):
        del trace.facts[fact]
    assert ranges.ended_by(trace) is None


@pytest.mark.parametrize("seed", range(50))
def test_fresh_numbers_are_spread_in_the_same_way_in_every_run(seed: int) -> None:
    run = SimpleNamespace(names=Names(seed, "exchange"))
    middle, low, high = driving.fresh_numbers(run)
    assert 10 < low <= 30 < 43 < middle < 58 < 80 < high < 99
    assert 1 < driving.fresh_digit(run) < 10


# ---- what cannot be read, or run ----------------------------------------------


def rotated(number: int) -> str:
    return "".join(chr(ord(c) ^ 3) for c in colon(number))


@pytest.mark.parametrize("write, count", [(colon, 6), (rotated, 0)])
def test_a_peer_says_again_only_what_can_be_read(write: Any, count: int) -> None:
    play = Play(write=write)
    runs = [play.run("exchange", EXCHANGE), play.run("edges", EDGES)]
    (learner,) = SUM.learners
    assert len(learner(Traces(runs, SUM.rubric, PROGRAMS))["talks"]) == count


def test_a_form_that_nobody_knows_costs_nothing() -> None:
    verdicts = judged(Play(write=rotated))
    assert set(verdicts.values()) == {"not-judged"}
    assert {"client-reads-integer", "client-sends-name-and-number"} <= set(verdicts)
    assert "server-shows-sum" not in verdicts


def test_a_number_that_nobody_understands_is_not_used() -> None:
    play = Play(takes=lambda n: 17, write=lambda n: colon(17))
    assert judged(play)["client-reads-integer"] == "fail"


@pytest.mark.parametrize("unavailable, verdict", [
    ({"client": "no Perl here", "server": "no Perl here"}, "not-judged"),
    ({}, "fail"),
])  # fmt: skip
def test_where_nothing_can_be_run_no_row_is_lost(
    unavailable: Any, verdict: str
) -> None:
    traces = Traces([], SUM.rubric, PROGRAMS, unavailable=unavailable)
    assert SUM.checks["tcp"](traces).verdict.value == verdict


def test_a_client_that_does_not_go_on_is_shown_with_its_last_line() -> None:
    stream = made_up.Stream()
    begin = stream.add("started", program="h2")
    stream.add("output", program="h2", text="Welcome\nWhich moon? ")
    end = stream.add("exit", program="h2", code=1)
    visit = {"program": "h2", "host": "h2", "number": 50, "begin": begin,
             "typed": None, "name": "", "text": "50", "end": end}  # fmt: skip
    facts = {"hosts": {"h1": "10.0.0.1", "h2": "10.0.0.2"}, "visits": [visit]}
    trace = Trace(ScenarioRecord("exchange", Outcome.FINISHED,
                                 events=tuple(stream.events), facts=facts))
    found = SUM.checks["tcp"](Traces([trace], SUM.rubric, PROGRAMS))
    assert found.seen == "the client's last line: which moon?"
    assert found.evidence[0].events == (end,)
