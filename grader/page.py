"""How does text become the lines of a page on a terminal?

Three kinds of line: one of our own, a title across the page, and a paragraph
that may hold anything and is made inert here.
"""

from __future__ import annotations

from typing import List

from grader import words
from grader.words import Style

LABEL = 10  # columns of "expected" and the like


class Page:
    """Lines that fit a style."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.lines: List[str] = []

    def line(self, text: str = "", tone: str = "") -> None:
        """Add a line of our own; what is from outside in it is inert."""
        shown = self.style.drawn(text.rstrip())
        self.lines.append(self.style.paint(shown, tone) if tone else shown)

    def title(self, left: str, right: str = "", tone: str = "bold") -> None:
        """Add a line across the page that begins a part."""
        width = self.style.width
        right = " " + right if right else ""
        left = words.shorten("── " + left, width - words.columns(right) - 4)
        rule = width - words.columns(left) - words.columns(right) - 1
        self.line()
        self.line(left + " " + "─" * rule + right, tone)

    def text(self, text: str, label: str = "", wide: int = LABEL) -> None:
        """Add a paragraph from anywhere, with a label in its margin."""
        inert = self.style.inert(text.strip(), keep="\n")
        start = "  " + (words.pad(label, wide) if label else "")
        start = self.style.drawn(start)
        margin = " " * words.columns(start)
        room = self.style.width - words.columns(start)
        for at, line in enumerate(words.wrap(inert, room)):
            first = label and not at
            shown = self.style.paint(start, "dim") if first else margin
            self.lines.append((shown + line).rstrip())
