"""Do we read on a program's terminal what a person would read there?"""

from __future__ import annotations

import time

import pytest

from grader import text
from grader.model import Event


@pytest.mark.parametrize(
    "written, read",
    [
        ("two words\n", "two words\n"),
        ("", ""),
        # colours and other control sequences
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b[1;38;5;208mloud\x1b[m quiet", "loud quiet"),
        ("\x1b]0;a title\x07Client X", "Client X"),
        ("\x1b]8;;http://h\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b[2J\x1b[HClient X connected", "Client X connected"),
        ("\x1b(Bplain\x1b=", "plain"),
        ("cut off \x1b[", "cut off "),
        # carriage returns
        ("line\r\nnext\r\n", "line\nnext\n"),
        ("line\r\r\nnext", "line\nnext"),
        ("10%\r20%\r30%", "30%"),
        ("long line\rshort", "shortline"),
        ("stays\r", "stays"),
        ("\rat the start", "at the start"),
        ("waiting...\r\x1b[Kdone", "done"),
        ("waiting...\r\x1b[2Kdone", "done"),
        ("abcdef\b\b\x1b[0K", "abcd"),
        ("abcdef\b\b\x1b[1K", "    ef"),
        # backspaces go back; what is written then takes the place
        ("abd\bc", "abc"),
        ("abc\b\b", "abc"),
        ("\b\babc", "abc"),
        ("spin |\b/\b-\b ok", "spin  ok"),
        ("one\n\btwo", "one\ntwo"),
        # blanks of other kinds stay between words; what is no sign goes
        ("A\xa0received\u3000before", "A received before"),
        ("form\ffeed\vtab", "form feed tab"),
        ("a\tb", "a\tb"),
        ("bell\x07 zero\x00 width\u200b", "bell zero width"),
        ("\ufeffClient X", "Client X"),
        ("漢字 né 🎉", "漢字 né 🎉"),
        ("private \ue000use", "private use"),
    ],
)
def test_what_stays_on_the_screen(written: str, read: str) -> None:
    assert text.shown(written) == read


@pytest.mark.parametrize(
    "written, meant",
    [
        ("  Client   X\tConnected. ", "client x connected."),
        ('X: "Alice"', "x: alice"),
        ("‘A’ «B» “C” `D`", "a b c d"),
        ("one\n\n \n two", "one\ntwo"),
        ("zero\u200bwidth \ufeffmark so\u00adft", "zerowidth mark soft"),
        ("\u2068Talimo\u2069", "talimo"),
        ("Ｃｌｉｅｎｔ　Ｘ：", "client x:"),
        ("no\xa0break\u2028end", "no break end"),
        ("wait…", "wait..."),
        ("padded\0\0\0\0next", "padded\nnext"),
        ("\0\0", ""),
        ("ÄÖ", "äö"),
    ],
)
def test_what_the_words_mean(written: str, meant: str) -> None:
    assert text.plain(written) == meant


def test_reading_what_was_read_changes_nothing() -> None:
    for words in ("Client X: 'A'\r\nnext\0", "a \b\xa0b…", "\x1b[1mZ\x1b[m"):
        once = text.plain(text.shown(words))
        assert text.plain(text.shown(once)) == once


@pytest.mark.parametrize(
    "data, read",
    [
        (b"plain", "plain"),
        ("né 漢".encode(), "né 漢"),
        (b"caf\xe9", "café"),  # Latin-1
        (b"\xff\xfe", "\xff\xfe"),
        ("é".encode()[:1], "\xc3"),  # half a letter
        (b"", ""),
        # characters of two and four bytes
        ("Client X: né".encode("utf-16"), "Client X: né"),
        ("Client X: né".encode("utf-16-be"), "Client X: né"),
        ("Client X: né".encode("utf-32"), "Client X: né"),
        ("Client X".encode("utf-16") * 2, "Client XClient X"),  # two marks
        # zeros that mean something else
        (b"Alice" + b"\0" * 59, "Alice" + "\0" * 59),
        (b"\0\0\0\x05Alice", "\0\0\0\x05Alice"),
    ],
)
def test_every_sequence_of_bytes_is_some_text(data: bytes, read: str) -> None:
    assert text.decode(data) == read


@pytest.mark.parametrize(
    "event, data",
    [
        ({"text": "né"}, "né".encode()),
        ({"hex": "ff00"}, b"\xff\x00"),
        ({}, b""),
        ({"text": "half \ud83d"}, b"half \xed\xa0\xbd"),
    ],
)
def test_the_bytes_of_an_event(event: Event, data: bytes) -> None:
    assert text.event_bytes(event) == data


@pytest.mark.parametrize("piece", ["\b", "a\b", "\r", "a\r", "\x1b[K", "\x1b"])
def test_a_megabyte_of_tricks_is_read_in_no_time(piece: str) -> None:
    """A program may print anything, up to the cap of its output."""
    began = time.process_time()
    text.plain(text.shown(piece * (1048576 // len(piece))))
    assert time.process_time() - began < 10
