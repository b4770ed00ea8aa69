"""Are names and numbers of lab `sum` found wherever a team puts them?

The messages are as real programs write them: digits, packed, pickled, in one
byte. The outputs are as a careful person would read them.
"""

from __future__ import annotations

import base64
import pickle
import struct
import sys
from pathlib import Path
from typing import Any

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab  # noqa: E402

lab.load("sum")
encoded: Any = sys.modules["mngrade_lab_sum.encoded"]
names: Any = sys.modules["mngrade_lab_sum.names"]
numbers: Any = sys.modules["mngrade_lab_sum.numbers"]
replay: Any = sys.modules["mngrade_lab_sum.replay"]


# ---- numbers ----------------------------------------------------------------


@pytest.mark.parametrize(
    "text, found",
    [
        ("17 + 42 = 59", {17, 42, 59}),
        ("17+42=59.", {17, 42, 59}),
        ("sum...59", {59}),
        ("17.0 and 59.00", {17, 59}),
        ("3.17", set()),
        ("10.0.0.2", set()),
        ("number -5", {5, -5}),
        ("client17", {17}),
    ],
)
def test_whole_numbers_of_a_text_are_found(text: str, found: Any) -> None:
    assert set(numbers.integers(text)) == found


@pytest.mark.parametrize("number", [17, 55, 98])
@pytest.mark.parametrize(
    "write",
    [
        lambda n: b"Client of Ann: %d" % n,
        lambda n: b"000%d%d" % (len(str(n)), n),
        lambda n: struct.pack("!30si", b"Ann", n),
        lambda n: struct.pack("<i20s", n, b"Ann"),
        lambda n: struct.pack(">h", n) + b"\0\3Ann",
        lambda n: struct.pack("!d", n) + b"\0Ann",
        lambda n: pickle.dumps(("Ann", n)),
        lambda n: pickle.dumps({"name": "Ann", "number": n}, protocol=2),
        lambda n: base64.b64encode(b"Client of Ann: %d" % n) + b"\n",
        lambda n: base64.urlsafe_b64encode(b"Ann ~~?~~ %d" % n).rstrip(b"="),
        lambda n: b"%b\n%b\n" % (base64.b64encode(b"Ann Lee"),
                                 base64.b64encode(b"%d" % n)),
        lambda n: (b"Client of Ann: %d" % n).hex().encode() + b"\0",
        lambda n: (b"Client of Ann, %d" % n).hex().upper().encode(),
        lambda n: b"Client of Ann:0x%x\n" % n,
        lambda n: b"Client of Ann:0X%02X\n" % n,
    ],
)
def test_a_number_is_found_and_replaced_in_any_form(
    write: Any, number: int
) -> None:
    message = write(number)
    assert numbers.has_number(message, number)
    assert not numbers.has_number(message, number + 1)
    for other in (0, 101, -5):
        again = numbers.with_number([(message, number)], other)
        assert again is not None and numbers.has_number(again, other)
        assert not numbers.has_number(again, number)


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("number", [0, 101, -5])
def test_a_pickled_object_with_another_number_is_one(
    protocol: int, number: int
) -> None:
    message = pickle.dumps(("Client of Ann", 37), protocol=protocol)
    again = numbers.with_number([(message, 37)], number)
    assert pickle.loads(again) == ("Client of Ann", number)


def test_a_single_byte_counts_where_several_messages_have_it() -> None:
    told = [(bytes([n]) + b"Client of Ann", n) for n in (67, 73, 12)]
    assert numbers.has_number(*told[0], told[1:])
    assert not numbers.has_number(told[0][0], 68, told[1:])
    # `C` stands at the start of every message, and is 67.
    fixed = [(b"Client of Ann", 67), (b"Client of Ann", 73)]
    assert not numbers.has_number(*fixed[0], fixed[1:])


@pytest.mark.parametrize(
    "message",
    [b"Ann17", b"Team1234", b"deadbeef", b"cafe 1234", b"00021742", b"31373432",
     b"Client of Ann: 17", b"QW5uIExlZTogMTc= and more", b"\0\0\0\x11Ann", b""],
)
def test_a_bare_message_is_not_decoded(message: bytes) -> None:
    assert encoded.inside(message) is None
    assert encoded.readable(message) == message


# ---- names ------------------------------------------------------------------


def shown(output: str, sent: bytes, got: bytes, who: str) -> bool:
    theirs = names.names_in(sent, "client")
    mine = names.names_in(got, "server")
    pair = (theirs, mine) if who == "client" else (mine, theirs)
    return bool(names.shows(output, who, *pair))


FORMS = [
    (b"Client of Ann: 17", b"Server of Bea: 42"),
    (b"Ann,17", b"Bea,42"),
    (b"17\nAnn\n", b"42\nBea\n"),
    (b"Hello, I am Ann and my number is 17", b"Hello, I am Bea and my number is 42"),
    (b'{"name": "Ann", "number": 17}', b'{"server": "Bea", "num": 42}'),
    (b"<name>Ann</name><number>17</number>", b"<name>Bea</name><n>42</n>"),
    (struct.pack("!20si", b"Ann", 73), struct.pack("!20si", b"Bea", 42)),
    (struct.pack(">i", 73) + b"Client of Ann", struct.pack(">i", 42) + b"Bea"),
    (pickle.dumps(("Client of Ann", 73)), pickle.dumps(("Bea", 42))),
    (base64.b64encode(b'{"who": "Ann", "n": 17}'), base64.b64encode(b"Bea: 42")),
    (b"Client of Ann: 17".hex().encode(), b"Server of Bea: 42".hex().encode()),
    (b"Ann:0x11\n", b"Bea:0x2a\n"),
]


@pytest.mark.parametrize("sent, got", FORMS)
def test_two_names_are_found_in_any_form(sent: bytes, got: bytes) -> None:
    both = "ann has connected to server of bea"
    assert shown(both, sent, got, "client")
    assert shown(both, sent, got, "server")
    assert not shown("a client has connected to bea", sent, got, "client")
    assert not shown("ann, your total is 59", sent, got, "server")


SAME = (b"Client of Team Ruby: 17", b"Server of Team Ruby: 42")


@pytest.mark.parametrize(
    "output, client, server",
    [
        ("team ruby has connected to server of team ruby", True, True),
        ("client of team ruby\nserver of team ruby", True, True),
        ("client of team ruby server of team ruby 17 42 59", True, True),
        ("client name: team ruby, server name: team ruby", True, True),
        ("client of team ruby has connected", True, False),
        ("server of team ruby got 17", False, True),
        ("team ruby server: 17", False, True),
        ("17 + 42 = 59", False, False),
    ],
)
def test_one_name_for_both_must_be_seen_for_each(
    output: str, client: bool, server: bool
) -> None:
    assert shown(output, *SAME, "client") is client
    assert shown(output, *SAME, "server") is server


def test_a_name_with_a_digit_alone_is_told_from_a_number() -> None:
    sent, got = b"17\r\nClient 1\r\n", b"42\r\nServer 1\r\n"
    assert shown("client 1 connected with 17", sent, got, "client")
    assert not shown("client number: 17", sent, got, "client")
    assert not shown("server number: 42", sent, got, "server")


# ---- saying again, and answering --------------------------------------------


def talk(number: int, *pieces: bytes) -> Any:
    return replay.Talk(number, tuple(("say", p.hex()) for p in pieces), False)


def test_a_talk_is_taken_whose_number_is_as_long() -> None:
    talks = [
        talk(n, b"\0%c" % len(b"Ann;%d" % n), b"Ann;%d" % n)
        for n in (37, 1, 100)
    ]
    for number in (0, 101, -5):
        again = replay.with_other_number(talks, number).said
        assert again[1] == len(again) - 2
        assert again.endswith(b";%d" % number)


def test_a_length_that_looks_like_the_number_stays() -> None:
    again = replay.with_other_number([talk(12, b"12", b"Ann,12,abcde")], -5)
    assert again.said == b"12Ann,-5,abcde"


@pytest.mark.parametrize(
    "message, answer",
    [
        (b"Client of Ann: 17", b"Server of Ann: 42"),
        (b"client_name=Ann;17", b"server_name=Ann;42"),
        (b"\0\x12Client of Moose;17", b"\0\x12Server of Moose;42"),
        (b"Ann,17", b"Tal,42"),
        (base64.b64encode(b"Ann,17") + b"\n", base64.b64encode(b"Tal,42") + b"\n"),
    ],
)
def test_a_peer_answers_in_the_form_of_the_message(
    message: bytes, answer: bytes
) -> None:
    assert replay.mirrored(message, 17, 42, "Talimo") == answer
