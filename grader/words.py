"""How is text made safe, fitted to a terminal, and matched to what was meant?

A student's program may print anything: sequences that repaint the terminal,
characters that reverse the line, letters that nobody can see. Everything that
comes from outside passes through `printable` before a person sees it, so a
report cannot be forged by what a program prints.
"""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass
from typing import IO, Dict, Iterable, List, Mapping, Optional, Union

# Letters to Unicode, blanks to the eye.
_INVISIBLE = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
# More marks than this on one letter paint over the lines above and below.
_MARKS_ON_A_LETTER = 2

# What the reports draw with, and what takes its place, one for one.
_ASCII_FOR: Dict[int, str] = {
    ord(sign): plain
    for sign, plain in {
        "│": "|", "┊": ":", "─": "-", "├": "|", "┤": "|", "▶": ">",
        "◀": "<", "●": "*", "■": "#", "◆": "?", "×": "x", "·": "-",
        "…": "~", "↑": "^", "–": "-",
    }.items()
}  # fmt: skip


def nearest(word: str, known: Iterable[str]) -> Optional[str]:
    """Return the known word that was probably meant, or None."""
    # Only a mistake needs it, and importing it takes milliseconds.
    import difflib

    by_lower = {name.lower(): name for name in known}
    close = difflib.get_close_matches(word.lower(), list(by_lower), 1, 0.6)
    return by_lower[close[0]] if close else None


def _escaped(letter: str) -> str:
    code = ord(letter)
    if letter in _SHORT:
        return _SHORT[letter]
    if code < 0x100:
        return "\\x%02x" % code
    return "\\u%04x" % code if code < 0x10000 else "\\U%08x" % code


@functools.lru_cache(maxsize=4096)
def _is_inert(letter: str) -> bool:
    kind = unicodedata.category(letter)
    if kind[0] == "C" or kind in ("Zl", "Zp") or letter in _INVISIBLE:
        return False
    return kind != "Zs" or letter == " "


def printable(text: Union[str, bytes], keep: str = "") -> str:
    """Return the text with everything shown that a terminal would act on.

    Control characters, escape sequences, direction marks, zero-width and
    unassigned characters become `\\x1b`, `\\u202e` and the like; bytes that
    are no UTF-8 become `\\xff`. Characters in `keep` stay as they are.
    """
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    if text.isascii() and text.isprintable():
        return text
    out: List[str] = []
    marks = _MARKS_ON_A_LETTER  # a mark needs a letter before it
    for letter in text:
        if unicodedata.category(letter) in ("Mn", "Me"):
            marks += 1
            fine = marks <= _MARKS_ON_A_LETTER
        else:
            fine = letter in keep or _is_inert(letter)
            marks = 0 if fine and letter != "\n" else _MARKS_ON_A_LETTER
        out.append(letter if fine else _escaped(letter))
    return "".join(out)


def columns(text: str) -> int:
    """Return how many columns of a terminal an inert text takes."""
    if text.isascii():
        return len(text)
    return sum(_letter_columns(letter) for letter in text)


@functools.lru_cache(maxsize=4096)
def _letter_columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _head(text: str, width: int) -> str:
    """Return the longest beginning that fits into so many columns."""
    if text.isascii():
        return text[: max(width, 0)]
    used = 0
    for at, letter in enumerate(text):
        used += _letter_columns(letter)
        if used > width:
            return text[:at]
    return text


def shorten(text: str, width: int, mark: str = "…") -> str:
    """Return the text cut to so many columns; the mark says that it was."""
    if columns(text) <= width:
        return text
    if width <= columns(mark):
        return _head(mark, max(width, 0))
    return _head(text, width - columns(mark)).rstrip() + mark


def pad(text: str, width: int) -> str:
    """Return the text with blanks behind it up to so many columns."""
    return text + " " * (width - columns(text))


def wrap(text: str, width: int) -> List[str]:
    """Break an inert text into lines of at most so many columns.

    Line breaks stay; a word that is wider than a line is cut.
    """
    width = max(width, 2)  # a wide letter must fit
    lines: List[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            if line and columns(line) + 1 + columns(word) > width:
                lines.append(line.rstrip())
                line = ""
            word = line + " " + word if line else word
            piece = _head(word, width)
            while len(piece) < len(word):
                lines.append(piece)
                word = word[len(piece) :]
                piece = _head(word, width)
            line = word
        lines.append(line.rstrip())
    return lines


def number(value: float) -> str:
    """Return points as a person writes them: 70 and 2.5, not 70.0."""
    return str(int(value)) if value == int(value) else "%g" % round(value, 4)


def count(many: int, one: str, more: str = "") -> str:
    """Return "1 criterion" or "2 criteria"."""
    return "%d %s" % (many, one if many == 1 else more or one + "s")


_PAINT = {
    "bold": "1", "dim": "2", "good": "32", "half": "33", "bad": "31",
    "person": "36", "unknown": "35",
}  # fmt: skip


@dataclass(frozen=True)
class Style:
    """What the terminal that a report goes to can show."""

    width: int = 80
    colour: bool = False
    unicode: bool = True

    def paint(self, text: str, tone: str) -> str:
        """Return the text in a tone, where there is colour."""
        if not (self.colour and text and tone):
            return text
        return "\x1b[%sm%s\x1b[0m" % (_PAINT[tone], text)

    def inert(self, text: Union[str, bytes], keep: str = "") -> str:
        """Return text from outside, printable and in known letters."""
        text = printable(text, keep)
        if self.unicode:
            return text
        return text.encode("ascii", "backslashreplace").decode("ascii")

    def drawn(self, line: str) -> str:
        """Return a finished line, in ASCII where there is no more."""
        return line if self.unicode else line.translate(_ASCII_FOR)


def style_of(stream: IO[str], env: Mapping[str, str], width: int) -> Style:
    """Find out what a stream can show; `width` is its terminal's, or 0.

    Colour is only for a terminal, and not where NO_COLOR asks for none.
    """
    terminal = stream.isatty()
    wanted = not env.get("NO_COLOR") and env.get("TERM", "dumb") != "dumb"
    try:
        "│▶…".encode(getattr(stream, "encoding", None) or "ascii")
        unicode = True
    except (UnicodeError, LookupError):
        unicode = False
    # Longer lines than this are hard to read, however wide the window.
    fitted = min(max(width or 80, 60), 110)
    return Style(fitted, terminal and wanted, unicode)
