"""Is what passed put together again as the two ends of it saw it?"""

from __future__ import annotations

import itertools
import random
import time
from typing import Any, Dict, List, Tuple

import pytest

from grader.model import Outcome, ScenarioRecord
from grader.trace import MOST_OUTPUT, Stream, Trace

SERVER, X, Y = "10.0.0.1:12000", "10.0.0.2:40000", "10.0.0.3:40000"
WORDS = b"Client X: Alice and Client Y: Bob"


class Wire:
    """Writes packet events, with the sequence numbers that we say."""

    def __init__(self) -> None:
        self.events: List[Dict[str, Any]] = []

    def add(self, ev: str, **fields: Any) -> int:
        number = len(self.events) + 1
        self.events.append({"n": number, "ev": ev, **fields})
        return number

    def packet(
        self, ends: Tuple[str, str], flags: str, seq: int, data: bytes = b"",
        length: int = -1,
    ) -> int:  # fmt: skip
        fields: Dict[str, Any] = {"text": data.decode()} if data else {}
        return self.add(
            "packet", src=ends[0], dst=ends[1], flags=flags, seq=seq % (1 << 32),
            ack=0, len=len(data) if length < 0 else length, **fields,
        )  # fmt: skip

    def connect(self, client: str = X, seq: int = 100) -> int:
        number = self.packet((client, SERVER), "S", seq)
        self.packet((SERVER, client), "SA", 9000)
        self.packet((client, SERVER), "A", seq + 1)
        return number

    def trace(self, **fields: Any) -> Trace:
        record = ScenarioRecord(
            "exchange[h2 first]", Outcome.FINISHED,
            events=tuple(self.events), **fields,
        )  # fmt: skip
        return Trace(record)


# ---- streams ---------------------------------------------------------------


def filled(start: int, segments: List[Tuple[int, bytes]]) -> Stream:
    """A stream that began at `start` and took segments (offset, bytes)."""
    stream = Stream()
    stream.begin(start - 1)
    for n, (offset, piece) in enumerate(segments, 1):
        stream.add(n, (start + offset) % (1 << 32), piece)
    return stream


@pytest.mark.parametrize("start", [1, 2**32 - 1, 2**32 - 16, 2**31 - 5])
def test_any_order_of_any_two_cuts_gives_the_same_bytes(start: int) -> None:
    for a, b in itertools.combinations(range(1, len(WORDS)), 2):
        pieces = [(0, WORDS[:a]), (a, WORDS[a:b]), (b, WORDS[b:])]
        for order in itertools.permutations(pieces):
            stream = filled(start, list(order))
            assert stream.data == WORDS
            assert not stream.incomplete


def test_one_byte_at_a_time_comes_with_the_number_of_each() -> None:
    stream = filled(7, [(i, WORDS[i : i + 1]) for i in range(len(WORDS))])
    assert stream.said == WORDS.decode()
    assert [n for n, _piece in stream.chunks] == list(range(1, len(WORDS) + 1))


@pytest.mark.parametrize(
    "segments",
    [
        [(0, b"abc"), (0, b"abc"), (3, b"def")],  # sent again
        [(0, b"abc"), (0, b"abcdef")],  # sent again with more
        [(0, b"abc"), (2, b"cdef")],  # reaching back
        [(0, b"abcdef"), (1, b"bc")],  # a part of what is known
        [(0, b"abc"), (-1, b"?"), (3, b"def")],  # a keep-alive probe
        [(3, b"def"), (3, b"d"), (0, b"abc")],  # early, and again but shorter
        [(3, b"d"), (3, b"def"), (0, b"abc")],
        [(4, b"ef"), (2, b"cd"), (0, b"abcd")],  # filled over what was early
        [(3, b"def"), (0, b"abcde")],  # reaching into what was early
        [(5, b"f"), (3, b"de"), (0, b"abcdef")],
    ],
)
@pytest.mark.parametrize("start", [50, 2**32 - 2])
def test_what_is_sent_again_counts_once(
    segments: List[Tuple[int, bytes]], start: int
) -> None:
    stream = filled(start, segments)
    assert stream.data == b"abcdef"
    assert not stream.incomplete


def test_random_overlapping_segments_give_the_bytes_that_were_sent() -> None:
    dice = random.Random(11)
    for _ in range(300):
        start = dice.choice([1, 2**32 - 9])
        cuts = [
            (at, WORDS[at : at + dice.randint(1, 12)])
            for at in range(len(WORDS))
        ]
        dice.shuffle(cuts)
        assert filled(start, cuts).data == WORDS


def test_a_gap_is_seen_and_nothing_behind_it_is_read() -> None:
    stream = filled(1, [(0, b"abc"), (4, b"e")])
    assert stream.data == b"abc"
    assert stream.incomplete


def test_what_fills_a_gap_is_when_the_rest_could_be_read() -> None:
    stream = filled(1, [(3, b"def"), (0, b"abc")])
    assert stream.event_of(b"abc") == stream.event_of(b"def") == 2


def test_ten_thousand_segments_in_the_wrong_order_take_no_time() -> None:
    began = time.process_time()
    stream = filled(1, [(i, b"x") for i in range(9999, -1, -1)])
    assert len(stream.data) == 10000
    assert time.process_time() - began < 5


def test_where_words_stand_in_a_stream() -> None:
    stream = filled(1, [(0, b"Client X: Al"), (12, b"ice"), (15, b" bye")])
    assert stream.event_of(b"Alice") == 2
    assert stream.event_of(b"Client") == 1
    assert stream.event_of(b"bye") == 3
    assert stream.event_of(b"Bob") is None
    assert stream.before(2) == "Client X: Al"
    assert stream.after(2) == "ice bye"
    assert stream.before(1) == "" and stream.after(4) == ""


# ---- connections -----------------------------------------------------------


def test_two_connections_at_the_same_port_of_two_hosts_are_kept_apart() -> None:
    wire = Wire()
    wire.connect(X, seq=100)
    wire.connect(Y, seq=100)
    wire.packet((Y, SERVER), "AP", 101, b"Bob")
    wire.packet((X, SERVER), "AP", 101, b"Alice")
    wire.packet((SERVER, Y), "AP", 9001, b"to Y")
    x, y = wire.trace().connections
    assert (x.client, x.client_address) == (X, "10.0.0.2")
    assert (x.to_server.said, y.to_server.said) == ("Alice", "Bob")
    assert (x.to_client.said, y.to_client.said) == ("", "to Y")
    assert x.opened == 1 and x.established == 2
    assert y.opened == 4 and y.established == 5


def test_a_syn_that_is_sent_again_is_no_second_connection() -> None:
    """At once, or after the answer to the first got lost."""
    wire = Wire()
    wire.packet((X, SERVER), "S", 100)
    wire.packet((X, SERVER), "S", 100)
    wire.packet((SERVER, X), "SA", 9000)
    wire.packet((X, SERVER), "S", 100)
    wire.packet((SERVER, X), "SA", 9000)
    wire.packet((X, SERVER), "AP", 101, b"Alice")
    wire.packet((X, SERVER), "S", 100)  # a very late one
    wire.packet((X, SERVER), "AP", 106, b" and Bob")
    (only,) = wire.trace().connections
    assert (only.opened, only.established) == (1, 3)
    assert only.to_server.said == "Alice and Bob"


def test_a_port_that_is_used_again_is_a_second_connection() -> None:
    wire = Wire()
    wire.connect(X, seq=100)
    wire.packet((X, SERVER), "AP", 101, b"first")
    wire.packet((X, SERVER), "FA", 106)
    wire.packet((SERVER, X), "FA", 9001)
    wire.connect(X, seq=777)
    wire.packet((X, SERVER), "AP", 778, b"second")
    one, two = wire.trace().connections
    assert (one.to_server.said, two.to_server.said) == ("first", "second")
    assert one.closed_by_client and not two.closed_by_client


def test_a_refused_connection_is_never_established() -> None:
    wire = Wire()
    wire.packet((X, SERVER), "S", 100)
    wire.packet((SERVER, X), "RA", 0)
    (only,) = wire.trace().connections
    assert only.established is None and only.reset == 2


def test_ends_are_told_apart_by_who_made_them() -> None:
    wire = Wire()
    wire.connect(X)
    by_server = wire.packet((SERVER, X), "FA", 9001)
    by_client = wire.packet((X, SERVER), "FA", 101)
    wire.packet((X, SERVER), "FA", 101)  # sent again
    reset = wire.packet((SERVER, X), "R", 9002)
    (only,) = wire.trace().connections
    assert only.closed_by_server == by_server
    assert only.closed_by_client == by_client
    assert only.reset == reset


def test_the_last_bytes_may_come_with_the_end() -> None:
    wire = Wire()
    wire.connect(X)
    wire.packet((SERVER, X), "FPA", 9001, b"bye")
    (only,) = wire.trace().connections
    assert only.to_client.said == "bye" and only.closed_by_server == 4


def test_sequence_numbers_begin_again_at_zero() -> None:
    wire = Wire()
    wire.connect(X, seq=2**32 - 3)
    for i, letter in enumerate(b"abcdef"):
        wire.packet((X, SERVER), "A", 2**32 - 2 + i, bytes([letter]))
    (only,) = wire.trace().connections
    assert only.to_server.said == "abcdef"


def test_a_segment_that_labrun_cut_keeps_its_length() -> None:
    wire = Wire()
    wire.connect(X)
    wire.packet((X, SERVER), "A", 101, b"abc", length=1000)
    wire.packet((X, SERVER), "A", 1101, b"end")
    (only,) = wire.trace().connections
    data = only.to_server.data
    assert (data[:3], data[-3:], len(data)) == (b"abc", b"end", 1003)


def test_segments_of_an_unknown_connection_are_no_connection() -> None:
    wire = Wire()
    wire.packet((X, SERVER), "A", 5, b"stray")
    wire.packet((SERVER, X), "R", 5)
    assert wire.trace().connections == ()


def test_bytes_that_are_no_text_come_as_they_were() -> None:
    wire = Wire()
    wire.connect(X)
    wire.add(
        "packet", src=X, dst=SERVER, flags="AP", seq=101, ack=0, len=2, hex="ff00"
    )
    (only,) = wire.trace().connections
    assert only.to_server.data == b"\xff\x00"


# ---- terminals and ends ----------------------------------------------------


def test_output_is_what_the_screen_shows_though_letters_come_in_pieces() -> None:
    wire = Wire()
    for byte in "né \x1b[1mok\x1b[0m\r\n".encode():
        wire.add("output", program="server", hex="%02x" % byte)
    wire.add("output", program="h2", text="other")
    trace = wire.trace()
    assert trace.output("server") == "né ok\n"
    assert trace.output("h2") == "other"
    assert trace.output("h9") == ""


def test_output_since_an_event() -> None:
    wire = Wire()
    wire.add("output", program="h2", text="before ")
    later = wire.add("output", program="h2", text="after")
    assert wire.trace().output("h2", since=later) == "after"


def test_the_event_with_which_words_had_been_printed() -> None:
    wire = Wire()
    for piece in ("Client X: Al", "i", "ce\n", "Client Y: Bob\n", "Alice\n"):
        wire.add("output", program="server", text=piece)
        wire.add("output", program="h2", text="noise\n")
    trace = wire.trace()
    assert trace.output_event("server", "alice") == 5
    assert trace.output_event("server", "bob") == 7
    assert trace.output_event("server", "client x") == 1
    assert trace.output_event("server", "carol") is None
    assert trace.output_event("nobody", "alice") is None


def test_words_in_endless_output_are_found_in_no_time() -> None:
    wire = Wire()
    for _ in range(4000):
        wire.add("output", program="server", text="From Server: \n" * 2)
    last = wire.add("output", program="server", text="Talimo\n")
    began = time.process_time()
    assert wire.trace().output_event("server", "talimo") == last
    assert time.process_time() - began < 10


def test_of_output_without_end_the_two_ends_are_read() -> None:
    wire = Wire()
    first = wire.add("output", program="h2", text="Talimo\n")
    for _ in range(20):
        wire.add("output", program="h2", text="again and again\n" * 1000)
    wire.add("output", program="h2", text="Gerusa\n")
    for _ in range(20):
        wire.add("output", program="h2", text="again and again\n" * 1000)
    last = wire.add("output", program="h2", text="Bodiku\n")
    trace = wire.trace()
    assert trace.output_event("h2", "talimo") == first
    assert trace.output_event("h2", "gerusa") is None
    assert trace.output_event("h2", "bodiku") == last
    assert len(trace.output("h2")) <= MOST_OUTPUT


def test_an_exit_counts_only_before_we_ended_the_run() -> None:
    wire = Wire()
    own = wire.add("exit", program="h2", code=0)
    crash = wire.add("exit", program="h3", signal="SEGV")
    wire.add("exit", program="server", signal="KILL")
    trace = wire.trace(facts={"closing": 3})
    h2, h3 = trace.exit_of("h2"), trace.exit_of("h3")
    assert h2 is not None and h2["n"] == own
    assert h3 is not None and h3["n"] == crash
    assert trace.exit_of("server") is None
    assert [trace.failed(p) for p in ("h2", "h3", "server", "h9")] == [
        False, True, False, False,
    ]  # fmt: skip


def test_evidence_names_each_event_once_and_in_order() -> None:
    evidence = Wire().trace().evidence(9, None, 2, 9)
    assert evidence.scenario == "exchange[h2 first]"
    assert evidence.events == (2, 9)


def test_states_are_found_by_their_number() -> None:
    wire = Wire()
    wire.add("hello", protocol=1)
    n = wire.add("state", outcome="busy", threads=[], sockets=[])
    trace = wire.trace()
    assert trace.state(n).outcome == "busy"
    assert [state.n for state in trace.states()] == [n]
