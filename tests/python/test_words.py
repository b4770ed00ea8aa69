"""Is text from outside inert, and does it fit?"""

from __future__ import annotations

import io
import unicodedata

import pytest

from grader import words
from grader.words import Style

EVIL = (
    "\x1b[2J\x1b]0;title\x07 \x00 \r \t \x7f \x9b31m \u202e\u2066 \u200b\ufeff"
    " \u2028\u2029 \xa0\u3000 \ud800 \U000e0041 \u3164 a" + "\u0301" * 9
)


@pytest.mark.parametrize(
    "text, shown",
    [
        ("plain, with blanks", "plain, with blanks"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\rb", "a\\rb"),
        ("a\x00b", "a\\x00b"),
        ("a\nb\tc", "a\\nb\\tc"),
        ("\u202egnp.exe", "\\u202egnp.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("no\xa0break", "no\\xa0break"),
        ("half \ud83d", "half \\ud83d"),
        ("\x9b2J", "\\x9b2J"),
        ("\U000e0041", "\\U000e0041"),
        ("naïve 漢字 ñ", "naïve 漢字 ñ"),
        ("e\u0301", "e\u0301"),
        ("\u0301 first", "\\u0301 first"),
    ],
)
def test_shows_what_a_terminal_would_act_on(text: str, shown: str) -> None:
    assert words.printable(text) == shown


def test_shows_bytes_that_are_no_text() -> None:
    assert words.printable(b"ok \xff\x00") == "ok \\xff\\x00"


@pytest.mark.parametrize("code", list(range(0x20)) + list(range(0x7F, 0xA0)))
def test_lets_no_control_character_through(code: int) -> None:
    assert words.printable("x" + chr(code) + "y").isprintable()


def test_lets_nothing_through_that_is_not_seen() -> None:
    for letter in words.printable(EVIL):
        assert unicodedata.category(letter)[0] != "C"
        assert letter not in "\u2028\u2029\xa0\u3000\u3164"


def test_keeps_line_breaks_only_where_asked() -> None:
    assert words.printable("a\n\x1bb", keep="\n") == "a\n\\x1bb"


def test_bounds_the_marks_that_pile_up_on_a_letter() -> None:
    assert words.printable("a" + "\u0301" * 4) == "a\u0301\u0301\\u0301\\u0301"


def test_is_the_same_when_it_is_made_inert_twice() -> None:
    once = words.printable(EVIL)
    assert words.printable(once) == once


@pytest.mark.parametrize(
    "word, meant",
    [("ponts", "points"), ("POINTS", "points"), ("xyzzy", None), ("", None)],
)
def test_finds_the_word_that_was_meant(word: str, meant: str) -> None:
    assert words.nearest(word, ["points", "title", "hint"]) == meant


@pytest.mark.parametrize("width", range(0, 12))
def test_shortens_to_the_columns_and_says_so(width: int) -> None:
    for text in ("abcdefgh", "漢字漢字漢", "a b c d e f"):
        short = words.shorten(text, width)
        assert words.columns(short) <= width
        assert short == text or width == 0 or short.endswith("…")


def test_counts_columns_as_a_terminal_does() -> None:
    assert words.columns("abc") == 3
    assert words.columns("漢字") == 4
    assert words.columns("e\u0301") == 1


@pytest.mark.parametrize("width", [2, 5, 9, 30])
def test_wraps_without_losing_a_letter(width: int) -> None:
    text = "one two three extraordinarily 漢字漢字漢字 end\nnext"
    lines = words.wrap(text, width)
    assert all(words.columns(line) <= width for line in lines)
    squeezed = "".join(text.split())
    assert "".join("".join(lines).split()) == squeezed


def test_keeps_words_whole_where_they_fit() -> None:
    assert words.wrap("one two three", 8) == ["one two", "three"]


@pytest.mark.parametrize(
    "value, shown", [(70.0, "70"), (2.5, "2.5"), (0, "0"), (1 / 3, "0.3333")]
)
def test_writes_points_as_a_person_does(value: float, shown: str) -> None:
    assert words.number(value) == shown


class Terminal(io.StringIO):
    def __init__(self, encoding: str) -> None:
        super().__init__()
        self._encoding = encoding

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding

    def isatty(self) -> bool:
        return True


def test_uses_colour_only_on_a_terminal_that_wants_it() -> None:
    env = {"TERM": "xterm"}
    assert words.style_of(Terminal("utf-8"), env, 80).colour
    assert not words.style_of(io.StringIO(), env, 80).colour
    no_colour = {"TERM": "xterm", "NO_COLOR": "1"}
    assert not words.style_of(Terminal("utf-8"), no_colour, 80).colour
    assert not words.style_of(Terminal("utf-8"), {"TERM": "dumb"}, 80).colour
    assert not words.style_of(Terminal("utf-8"), {}, 80).colour


def test_draws_in_ascii_where_there_is_no_more() -> None:
    style = words.style_of(Terminal("ascii"), {}, 80)
    assert not style.unicode
    assert style.drawn("├──▶│ …").isascii()
    assert style.inert("ä\x1b") == "\\xe4\\x1b"


@pytest.mark.parametrize(
    "asked, got", [(0, 80), (20, 60), (90, 90), (400, 110)]
)
def test_keeps_the_width_readable(asked: int, got: int) -> None:
    assert words.style_of(Terminal("utf-8"), {}, asked).width == got


def test_paints_nothing_without_colour() -> None:
    assert Style(colour=False).paint("x", "bad") == "x"
    assert Style(colour=True).paint("x", "bad") == "\x1b[31mx\x1b[0m"
