"""Are the insights of lab `order` told where they are true, and only there?

The traces are made up: a run in which a client is told a certain thing. That
real programs bring such runs about is shown by the lab's examples.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))
sys.path.insert(0, str(REPO / "tests" / "python"))

import made_up  # noqa: E402
from grader import lab  # noqa: E402
from grader.api import Traces  # noqa: E402
from grader.layout import SourceFile  # noqa: E402
from grader.model import Insight, Outcome, Program, ScenarioRecord  # noqa: E402
from grader.trace import Trace  # noqa: E402

ORDER = lab.load("order")
races: Any = sys.modules["mngrade_lab_order.races"]
parts: Any = sys.modules["mngrade_lab_order.parts"]
same_words: Any = sys.modules["mngrade_lab_order.same_words"]
odd_clients: Any = sys.modules["mngrade_lab_order.odd_clients"]
concurrency: Any = sys.modules["mngrade_lab_order.concurrency"]
insights: Any = sys.modules["mngrade_lab_order.insights"]

X, Y, SERVER = made_up.X, made_up.Y, made_up.SERVER
ONE, OTHER = "Talimo", "Bodiku"
RIGHT = "X: %s received before Y: %s" % (ONE, OTHER)
MESSAGES = {"h2": ONE, "h3": OTHER}


class Made:
    """A run with one exchange after the other."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stream = made_up.Stream()
        self.parts: List[Dict[str, Any]] = []
        self.facts: Dict[str, Any] = {
            "hosts": {"h1": "10.0.0.1", "h2": "10.0.0.2", "h3": "10.0.0.3"},
            "programs": {"server": {"peer": False}},
            "labels": {"h2": "X", "h3": "Y"},
            "messages": MESSAGES,
            "notes": [],
        }

    def exchange(
        self,
        told: Sequence[str] = (RIGHT, RIGHT),
        kind: str = "",
        said: str = "",
        typed: Sequence[str] = (ONE, OTHER),
        order: str = "XY",
        **more: Any
    ) -> "Made":
        """Both send, and then each is told; `said` is what the server prints."""
        begin = len(self.stream.events) + 1
        # Each exchange has connections of its own.
        x, y = ("%s%d" % (end, len(self.parts)) for end in (X[:-1], Y[:-1]))
        for client, label in ((x, "X"), (y, "Y")):
            self.stream.connect(client)
            self.stream.say(SERVER, client, "Client %s connected" % label)
        words = {"X": (x, typed[0]), "Y": (y, typed[1])}
        for label in order:
            client, text = words[label]
            held = self.stream.say(client, SERVER, text)
        if said:
            self.stream.add("output", program="server", text=said)
        for client, text in zip((x, y), told):
            if text:
                self.stream.say(SERVER, client, text)
        end = self.stream.state(server=("accept", ""))
        self.facts["end"] = end
        part = {"kind": kind, "begin": begin, "held": held, "end": end}
        self.parts.append(dict(part, **more))
        return self

    def trace(self) -> Trace:
        self.facts["parts"] = [part for part in self.parts if part["kind"]]
        record = ScenarioRecord(
            self.name, Outcome.FINISHED, events=tuple(self.stream.events),
            facts=self.facts,
        )  # fmt: skip
        return Trace(record)


def made_traces(*made: Made, programs: Sequence[Program] = ()) -> Traces:
    return Traces([one.trace() for one in made], ORDER.rubric, programs)


def right_run(number: int = 1) -> Made:
    return Made("exchange[%d]" % number).exchange()


def one(found: Sequence[Insight]) -> Insight:
    assert len(found) == 1, [insight.id for insight in found]
    return found[0]


# ---- races -----------------------------------------------------------------

TURNED = "Y: %s received before X: %s" % (OTHER, ONE)
ROUNDS = [
    ((RIGHT, RIGHT), None),
    ((TURNED, TURNED), None),
    ((RIGHT, TURNED), "race-different-answers"),
    ((RIGHT, ""), "race-lost-answer"),
    (("", ""), "race-lost-answer"),
    (("X: Talimo received before X: Bodiku",) * 2, "race-mixed-messages"),
    (("Y: Talimo received before X: Bodiku",) * 2, "race-mixed-messages"),
    (("X: Bodiku received before Y: Bodiku",) * 2, "race-mixed-messages"),
]


@pytest.mark.parametrize("told, id", ROUNDS)
def test_a_round_that_goes_wrong_is_a_race(
    told: Tuple[str, str], id: Optional[str]
) -> None:
    at_once = Made("both_at_once").exchange(kind=parts.OWN_CLIENTS)
    at_once.exchange(told, kind=parts.ROUND).exchange(kind=parts.ROUND)
    found = list(races.race(made_traces(right_run(), at_once)))
    if id is None:
        assert found == []
        return
    insight = one(found)
    assert insight.id == id
    assert insight.measured == "in 1 of 3 rounds"
    assert insight.chance, "another grading may not see it"
    assert [place.scenario for place in insight.evidence] == ["both_at_once"]
    assert at_once.parts[1]["held"] in insight.evidence[0].events


def test_what_goes_wrong_one_by_one_as_well_is_no_race() -> None:
    at_once = Made("both_at_once").exchange((RIGHT, TURNED), parts.OWN_CLIENTS)
    wrong = Made("exchange[1]").exchange((RIGHT, ""))
    assert list(races.race(made_traces(wrong, at_once))) == []
    assert list(races.race(made_traces(right_run(), at_once))) != []


def test_a_hunt_that_was_called_for_and_left_out_is_told() -> None:
    for concurrent, told in ((True, ["races-not-tried"]), (False, [])):
        at_once = Made("both_at_once").exchange(kind=parts.OWN_CLIENTS)
        at_once.facts.update({"concurrent": concurrent, "not-tried": "it sleeps"})
        found = list(races.races_not_tried(made_traces(right_run(), at_once)))
        assert [insight.id for insight in found] == told


@pytest.mark.parametrize(
    "source, language, long",
    [
        ("time.sleep(5)", "python", True),
        ("time.sleep(0.05)", "python", False),
        ("time.sleep(delay)", "python", True),
        ("sleep(1);", "c", True),
        ("usleep(1000);", "c", False),
        ("usleep(500000);", "c", True),
        ("Thread.sleep(100);", "java", False),
        ("Thread.sleep(3000);", "java", True),
        ("conn.recv(1024)", "python", False),
    ],
)
def test_a_long_sleep_is_read_from_the_source(
    source: str, language: str, long: bool
) -> None:
    assert races.sleeps_long(source, language) is long


TSAN = """\
==================
WARNING: ThreadSanitizer: data race (pid=2)
  Read of size 4 at 0x5595062280d0 by thread T2:
    #0 serve server.c:18 (server.run+0x1344)

  Previous write of size 4 at 0x5595062280d0 by thread T3:
    #0 serve server.c:20 (server.run+0x1464)

  Location is global 'first' of size 4 at 0x5595062280d0 (server.run+0x40d0)

SUMMARY: ThreadSanitizer: data race server.c:18 in serve
==================
"""


def test_a_data_race_is_told_with_both_places() -> None:
    made = Made("both_at_once").exchange(kind=parts.SANITIZED, said=TSAN)
    insight = one(list(races.unlocked_data(made_traces(made))))
    assert insight.id == "unlocked-data"
    assert insight.measured == (
        "`first`: server.c:18 (read) and server.c:20 (write)"
    )
    assert insight.evidence[0].events, "the report's place in the output"


def test_a_sanitized_server_that_reports_nothing_has_no_race() -> None:
    made = Made("both_at_once").exchange(kind=parts.SANITIZED, said="Done.\n")
    assert list(races.unlocked_data(made_traces(made))) == []


# ---- the same again --------------------------------------------------------


def four_orders(odd: Optional[str] = None) -> List[Made]:
    """The four orders; in `odd` the clients are told something else."""
    made = []
    for host in ("h2", "h3"):
        for sender in "XY":
            name = "exchange[%s first, %s sends first]" % (host, sender)
            told = (TURNED, TURNED) if name == odd else (RIGHT, RIGHT)
            made.append(Made(name).exchange(told))
    return made


def test_runs_that_go_alike_are_stable() -> None:
    assert list(races.unstable(made_traces(*four_orders()))) == []


def test_a_run_that_goes_otherwise_is_unstable() -> None:
    odd = "exchange[h3 first, Y sends first]"
    insight = one(list(races.unstable(made_traces(*four_orders(odd)))))
    assert insight.measured == "in 1 of 4 runs"
    assert odd in [place.scenario for place in insight.evidence]


def test_two_client_programs_change_places_with_the_hosts() -> None:
    odd = "exchange[h3 first, Y sends first]"
    two = [Program(role, ("./a",)) for role in ("server", "client-x", "client-y")]
    made = made_traces(*four_orders(odd), programs=two)
    assert list(races.unstable(made)) == []


# ---- clients of another kind -----------------------------------------------


@pytest.mark.parametrize(
    "told, disturbs",
    [
        ((RIGHT, RIGHT), False),
        ((RIGHT, ""), True),
        (("X: Talimo received before Z: Intruder",) * 2, True),
    ],
)
def test_a_third_client_disturbs_where_the_two_lose_their_answer(
    told: Tuple[str, str], disturbs: bool
) -> None:
    made = Made("both_at_once").exchange(told, kind=parts.THIRD_CLIENT)
    found = list(odd_clients.third_disturbs(made_traces(made)))
    assert [i.id for i in found] == ["third-client-disturbs"] * disturbs


@pytest.mark.parametrize(
    "told, split",
    [
        ((RIGHT, RIGHT), False),
        (("X: Tal received before Y: Bodiku",) * 2, True),
        (("", ""), False),  # it waits for the end of the line
    ],
)
def test_a_half_that_is_passed_on_is_told(
    told: Tuple[str, str], split: bool
) -> None:
    made = Made("both_at_once").exchange(told, kind=parts.SPLIT, half="Tal")
    found = list(odd_clients.split_in_two(made_traces(made)))
    assert [i.id for i in found] == ["split-message"] * split


RIGHT_TWICE = "Y: Bodiku received before X: Bodiku"


@pytest.mark.parametrize(
    "told, usual, confused",
    [
        (RIGHT_TWICE, RIGHT, False),
        ("X: Bodiku received before X: Bodiku", RIGHT, True),
        ("X: Bodiku received before Y: Bodiku", RIGHT, True),
        ("", RIGHT, False),  # another insight's
        ("Y: Bodiku received before Y: Bodiku", TURNED, False),  # always wrong
    ],
)
def test_the_letters_tell_the_same_text_apart(
    told: str, usual: str, confused: bool
) -> None:
    made = Made("both_at_once")
    made.exchange((told, told), parts.SAME_WORDS, "", (OTHER, OTHER), "YX")
    ordinary = Made("exchange[1]").exchange((usual, usual))
    found = list(same_words.confuses_same_words(made_traces(ordinary, made)))
    assert [i.id for i in found] == ["same-words"] * confused


CRASH = "Traceback (most recent call last):\nIndexError: no such line\n"


def left(
    waits: Sequence[str], code: Optional[int] = None, said: str = CRASH
) -> Traces:
    """Two clients came and left; the server waits so, or has ended."""
    made = Made("early_sender")
    stream = made.stream
    stream.add("started", program="server", pid=20)
    if code is not None:
        stream.add("output", program="server", text=said)
        stream.add("exit", program="server", code=code)
    threads = [
        {"program": "server", "pid": 1, "tid": tid, "name": "s", "wait": wait}
        for tid, wait in enumerate(waits, 1)
    ]
    made.facts["left"] = stream.add(
        "state", id=9, outcome="settled", threads=threads, sockets=[]
    )
    return made_traces(made)


@pytest.mark.parametrize(
    "traces, told",
    [
        (left(["futex", "futex"]), ["leaving-client-hangs-server"]),
        (left(["receive"]), ["leaving-client-hangs-server"]),
        (left(["futex", "accept"]), []),
        (left(["poll"]), []),
        (left([], 0), []),
        (left([], 1), ["leaving-client-kills-server"]),
        (left([], 1, "client Y left without a message\n"), []),
    ],
)
def test_clients_that_leave(traces: Traces, told: List[str]) -> None:
    assert [i.id for i in odd_clients.leaves_early(traces)] == told


def test_a_server_that_is_killed_says_by_what() -> None:
    insight = one(list(odd_clients.leaves_early(left([], 1))))
    assert insight.measured == "IndexError: no such line"


# ---- what a program does by itself -----------------------------------------


def ids(found: Sequence[Insight]) -> List[str]:
    return [insight.id for insight in found]


def seen(outcome: str, **waits: str) -> Made:
    """A run with one state: what each program waits for."""
    made = Made("exchange[1]")
    for name in waits:
        made.facts["programs"][name] = {"peer": name == "h3"}
    threads = [
        {"program": name, "pid": 1, "tid": tid, "name": "s", "wait": wait}
        for tid, (name, wait) in enumerate(waits.items(), 1)
    ]
    made.stream.add("state", id=9, outcome=outcome, threads=threads, sockets=[])
    return made


@pytest.mark.parametrize(
    "made, told",
    [
        (seen("busy", server="running"), ["busy-wait"]),
        (seen("busy", server="receive", h2="running"), ["busy-wait"]),
        (seen("busy", server="receive", h3="running"), []),  # a peer of ours
        (seen("settled", server="receive"), []),
        (seen("deadline", server="running"), []),  # slow is no spin
    ],
)
def test_a_spin_is_told(made: Made, told: List[str]) -> None:
    assert ids(list(insights.busy_wait(made_traces(made)))) == told


@pytest.mark.parametrize(
    "made, told",
    [
        (seen("sleeping", server="sleep"), ["sleeps"]),
        (seen("settled", server="receive", h2="sleep"), []),
        (seen("settled", server="futex"), []),
    ],
)
def test_a_sleep_of_the_server_is_told(made: Made, told: List[str]) -> None:
    assert ids(list(insights.sleeps(made_traces(made)))) == told


def test_a_sleep_that_is_in_the_source_alone_is_told_as_such() -> None:
    made = seen("settled", server="receive")
    made.facts["not-tried"] = insights.SLEEPS
    assert "source" in one(list(insights.sleeps(made_traces(made)))).text
    told = one(list(insights.sleeps(made_traces(made, seen("sleeping", server="sleep")))))
    assert "source" not in told.text and told.evidence


@pytest.mark.parametrize("code, told", [(1, ["ends-with-error"]), (0, [])])
def test_an_error_at_the_end_is_told(code: int, told: List[str]) -> None:
    made = Made("exchange[1]")
    made.stream.add("started", program="server", pid=20)
    made.stream.add("output", program="server", text="OSError: bad socket\n")
    made.stream.add("exit", program="server", code=code)
    found = list(insights.ends_badly(made_traces(made)))
    assert ids(found) == told
    assert all("OSError: bad socket" in insight.text for insight in found)


def test_output_without_end_is_told() -> None:
    made = Made("exchange[1]")
    assert list(insights.endless_output(made_traces(made))) == []
    made.stream.add("output-capped", program="h2", bytes=1)
    assert ids(list(insights.endless_output(made_traces(made)))) == ["endless-output"]


@pytest.mark.parametrize(
    "kinds, told",
    [
        ([], []),
        (["bind"], ["server-address"]),
        (["connect"], ["hard-coded-address"]),
        (["connect", "bind"], ["server-address", "hard-coded-address"]),
        (["arguments"], []),
    ],
)
def test_addresses_that_fit_one_machine_are_told(
    kinds: List[str], told: List[str]
) -> None:
    made = Made("exchange[1]")
    made.facts["notes"] = [
        {"kind": kind, "text": kind, "program": "server"} for kind in kinds
    ]
    assert ids(list(insights.addresses(made_traces(made)))) == told


@pytest.mark.parametrize(
    "language, text, told",
    [
        ("python", "s.bind(('', 12000))", ["no-reuseaddr"]),
        ("python", "s.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)\ns.bind(a)", []),
        ("python", "socket.create_server(('', 12000))  # binds", []),
        ("c", "bind(fd, &a, sizeof a);", ["no-reuseaddr"]),
        ("java", "new ServerSocket(12000); // binds", []),
    ],
)
def test_a_port_that_stays_taken_is_told(
    language: str, text: str, told: List[str]
) -> None:
    source = SourceFile("server", language, text, lines=1, comments=0.0)
    program = Program("server", ("./s",), source="server", language=language)
    traces = Traces([], ORDER.rubric, [program], sources=[source])
    assert ids(list(insights.no_reuseaddr(traces))) == told


# ---- how it waits ----------------------------------------------------------


def thread(tid: int, wait: str, pid: int = 1, **more: Any) -> Dict[str, Any]:
    return dict(
        {"program": "server", "pid": pid, "tid": tid, "name": "s", "wait": wait},
        **more
    )


@pytest.mark.parametrize(
    "threads, outcome, told",
    [
        (
            [thread(1, "futex"), thread(2, "receive"), thread(3, "receive")],
            "settled",
            "one process with 3 threads; waiting: 2 to receive, 1 for another"
            " thread; it uses no processor while it waits",
        ),
        (
            [thread(1, "child"), thread(2, "receive", 2), thread(3, "receive", 3)],
            "settled",
            "3 processes with one thread each; waiting: 2 to receive, 1 for"
            " another process; it uses no processor while it waits",
        ),
        (
            [thread(1, "poll", fds=[4, 5])],
            "settled",
            "one process with one thread, an event loop; waiting for several"
            " sockets; it uses no processor while it waits",
        ),
        (
            [thread(1, "running")],
            "busy",
            "one process with one thread; waiting by asking again and again;"
            " it uses a whole processor while it waits",
        ),
        (
            [thread(1, "receive", timed=True)],
            "settled",
            "one process with one thread; waiting to receive; it wakes up"
            " again and again while it waits",
        ),
    ],
)
def test_what_was_seen_of_a_server(
    threads: List[Dict[str, Any]], outcome: str, told: str
) -> None:
    made = Made("exchange[1]")
    made.facts["both-connected"] = made.stream.add(
        "state", id=9, outcome=outcome, threads=threads, sockets=[]
    )
    assert concurrency.observed_concurrency(made_traces(made)) == told


def test_a_server_that_never_came_so_far() -> None:
    made = Made("exchange[1]").exchange()
    told = concurrency.observed_concurrency(made_traces(made))
    assert told == "the server was never seen with two clients"


def test_threads_that_a_language_brings_along_do_not_count() -> None:
    class Seen:
        threads = [
            thread(1, "futex", name="java"),
            thread(2, "futex", name="java"),
            thread(3, "futex", name="VM Thread"),
            thread(4, "futex", name="C1 CompilerThre"),
            thread(5, "receive", name="Thread-0"),
        ]

    for language, numbers in (("java", [2, 5]), ("node", [1]), ("c", [1, 2, 3, 4, 5])):
        own = concurrency.threads_of_server(Seen, language)
        assert [t["tid"] for t in own] == numbers
