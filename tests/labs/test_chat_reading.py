"""Is an answer of lab `chat` read as a careful person would read it?

Echoes with their ACK, times of the record, numbers of clients, and files in
the forms in which they are sent.
"""

from __future__ import annotations

import base64
import json
import random
import sys
from pathlib import Path
from typing import Any, List

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

from grader import lab  # noqa: E402

lab.load("chat")
reading: Any = sys.modules["mngrade_lab_chat.reading"]
contents: Any = sys.modules["mngrade_lab_chat.contents"]
insights: Any = sys.modules["mngrade_lab_chat.insights"]
checks: Any = sys.modules["mngrade_lab_chat.checks"]

LINE = "Talimo Bodiku"


def said(reply: str, sent: str = LINE, text: str = LINE) -> Any:
    return reading.Said("h2", "echo", text, 1, 2, reply, sent)


@pytest.mark.parametrize(
    "reply",
    [
        LINE + "ACK", LINE + " ACK", LINE + " - ACK", LINE + " [ACK]\n",
        LINE + "(ACK)", LINE + ": ACK", "Server: " + LINE + " ACK\n> ",
        '"%s" ACK' % LINE, '{"type": "echo", "message": "%s ACK"}\n' % LINE,
        "\0\0\0\x11" + LINE + " ACK", LINE + "\nACK",
        "sr\0\x07Messaget\0\x0b" + LINE + " ACKy",  # Java's end of an object
    ],
)
def test_a_line_with_ack_behind_it_is_an_echo(reply: str) -> None:
    assert reading.acknowledged(said(reply)) == "exact"


@pytest.mark.parametrize(
    "reply",
    [
        "", "ACK", LINE, "ACK " + LINE, LINE.split()[0] + " ACK",
        LINE[:-1] + " ACK", LINE + " acknowledged?", LINE + " BACK",
        "Other words ACK",
    ],
)
def test_anything_else_is_none(reply: str) -> None:
    assert reading.acknowledged(said(reply)) == ""


@pytest.mark.parametrize(
    "sent",
    [LINE, LINE + "\n", "\0\x0d" + LINE, "MSG|" + LINE,
     '{"cmd": "msg", "text": "%s"}\n' % LINE],
)
def test_what_a_client_wraps_its_line_in_need_not_come_back(sent: str) -> None:
    assert reading.acknowledged(said(LINE + " ACK", sent)) == "exact"


def test_blanks_that_the_client_took_off_are_no_loss_of_the_server() -> None:
    typed = "  %s " % LINE
    assert reading.acknowledged(said(LINE + " ACK", LINE, typed)) == "exact"
    assert reading.acknowledged(said(LINE + " ACK", typed, typed)) == "blanks"


@pytest.mark.parametrize(
    "sent, pieces",
    [
        ("\0\0\0\x06Talimo\0\0\0\x06Bodiku", True), ("Talimo\n", True),
        (LINE + "\n", False), ('{"text": "%s"}' % LINE, False), ("", False),
    ],
)
def test_a_line_that_the_client_takes_apart_is_told_from_one_that_is_sent(
    sent: str, pieces: bool
) -> None:
    assert checks._is_sent_in_pieces(said("Talimo ACK", sent)) is pieces


@pytest.mark.parametrize(
    "text, count",
    [
        ("Client01 2025-02-10 20:22", 1),
        ("Client01 08:22 PM - 08:25 PM", 2),
        ("2026-11-21T12:59:44.102Z", 1),
        ("{'in': datetime.datetime(2026, 11, 21, 12, 59, 44, 7)}", 1),
        ("time.struct_time(tm_year=2026, tm_hour=12, tm_min=5, tm_sec=1)", 1),
        ("1763727600.25 to 1763727612", 2),
        ("1763727600250", 1),
        ("2026-11-21 12-59-44", 1),
        ("Sat Nov 21 12:59:44 UTC 2026", 1),
        ("('10.0.0.2', 49688) 10.0.0.3:40221", 0),
        ("Client01 connected, Client02 left", 0),
        ("2026-11-21", 0),
    ],
)
def test_times_of_day_are_counted_in_every_notation(text: str, count: int) -> None:
    assert reading.times(text) == count


@pytest.mark.parametrize(
    "greeting, numbers",
    [
        ("Connected as Client01", [1]), ("Client 2", [2]), ("client_03", [3]),
        ("\0\0\0kClient01|12:00", [1]), ("Hello", []), ("Client12345", []),
    ],
)
def test_numbers_of_clients_are_read(greeting: str, numbers: List[int]) -> None:
    guest = reading.Guest("h2", 1, "ready", "", greeting, "", "", 1, 2)
    assert sorted(guest.numbers()) == numbers


TEXT = "".join("%d Talimo\n" % n for n in range(900)).encode()
BYTES = bytes(range(256)) * 16


@pytest.mark.parametrize("content", [TEXT, BYTES])
def test_a_file_is_found_in_every_form(content: bytes) -> None:
    coded = base64.b64encode(content)
    lines = b"\n".join(coded[at : at + 76] for at in range(0, len(coded), 76))
    blocks = [content[at : at + 3000] for at in range(0, len(content), 3000)]
    frames = b"".join(
        b'{"part": "%s"}\n' % base64.b64encode(block) for block in blocks
    )
    for received in (b"OK 7\n" + content + b"<END>", b'{"data": "%s"}' % coded,
                     lines, content.hex().encode(), frames):
        assert contents.holds(received, content)


def test_a_text_is_found_in_a_json_string() -> None:
    sent = json.dumps({"file": TEXT.decode()}).encode()
    assert contents.holds(sent, TEXT)


def test_a_text_is_found_in_messages_of_json() -> None:
    pieces = [TEXT[at : at + 777].decode() for at in range(0, len(TEXT), 777)]
    messages = [{"type": "file", "size": len(TEXT)}] + [
        {"type": "data", "chunk": piece} for piece in pieces
    ]
    lines = [json.dumps(message).encode() for message in messages]
    assert contents.holds(b"\n".join(lines), TEXT)
    del lines[3]
    assert not contents.holds(b"\n".join(lines), TEXT)


def test_a_file_with_any_one_byte_changed_is_not_found() -> None:
    places = random.Random(7).sample(range(len(TEXT)), 40) + [0, len(TEXT) - 1]
    for place in places:
        broken = bytearray(TEXT)
        broken[place] ^= 1
        for form in (bytes(broken), base64.b64encode(broken)):
            assert not contents.holds(form, TEXT)


def test_a_file_that_is_cut_is_not_found() -> None:
    for form in (TEXT[:1024], TEXT[:-1], base64.b64encode(TEXT[:-3])):
        assert not contents.holds(b"SIZE 9\n" + form, TEXT)


@pytest.mark.parametrize(
    "source",
    [
        "lock = threading.Lock()", "lock_guard<mutex> g(m);", "std::mutex m;",
        "std::unique_lock l(m);", "std::atomic<int> n;", "_Atomic int n;",
        "atomic_int n;", "pthread_mutex_lock(&m);", "synchronized (all) {",
    ],
)
def test_a_lock_is_known_in_every_language(source: str) -> None:
    assert insights._LOCKS.search(source)


@pytest.mark.parametrize("source", ["clients.append(c)", "online++;", "block(1)"])
def test_what_is_no_lock_is_not_taken_for_one(source: str) -> None:
    assert not insights._LOCKS.search(source)


def test_a_clock_that_is_wrong_is_told_from_one_of_another_zone() -> None:
    noon = 1763726400  # 12:00 UTC
    assert not insights.is_another_time(noon, [0])
    assert not insights.is_another_time(noon + 60, [0, 59])
    assert not insights.is_another_time(noon, [30])  # half an hour from UTC
    assert insights.is_another_time(noon, [11, 14])
    assert not insights.is_another_time(noon, [])
