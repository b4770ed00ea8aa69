"""Which number does a menu want for this purpose?

Some clients do not take commands: they show a menu and ask for a choice, and
then for the message or the name of a file.
"""

from __future__ import annotations

import re
from typing import Dict, List, Optional, Tuple

from grader.api import shown

_ENTRY = re.compile(
    r"^\W*(\d{1,2}|[A-Za-z])(?:[\])]\s*|\s*[.:=>\-\u2013]\s*)[.:=>-]*\s*(\S.*)$"
)
#: Entries beside one another: "(M)essage, (S)tatus", "1) message 2) status".
_BESIDE = re.compile(
    r"[\[(]([A-Za-z0-9])[\])]([ :.-]*)([A-Za-z][\w ]*)"
    r"|(?<!\w)(\d)\s*[.):=-]+\s*([A-Za-z][A-Za-z ]*)"
)
#: What an entry is for, and by which words it is known. The first that fits
#: counts: "List files" is no request for one.
_PURPOSES = (
    ("leave", re.compile(r"\b(exit|quit|bye|leave|disconnect|close)\b")),
    ("list", re.compile(r"\blist\b(?!.*\bclients?\b)|\b(show|see|view|available)"
                        r"\b.*\bfiles\b|^files\b")),
    ("status", re.compile(r"\b(status|record|cache|clients|who|history)\b")),
    ("get", re.compile(r"\b(get|download|request|retrieve|fetch|stream|open"
                       r"|read|print|file)\b")),
    ("echo", re.compile(r"\b(message|echo|string|text|chat|say|talk|send)\b")),
)
#: With fewer entries it is no menu but a list of something else.
FEWEST = 3

Menu = Dict[str, str]


def menu_of(said: str) -> Optional[Menu]:
    """The last menu on a terminal: for each purpose what is to be typed."""
    lines = shown(said).split("\n")
    below = [match.groups() for match in map(_ENTRY.match, lines) if match]
    for entries in (_beside(lines[-1]), _last_menu(below)):
        found: Menu = {}
        for key, label in entries:
            for purpose, words in _PURPOSES:
                if words.search(label.lower()):
                    found.setdefault(purpose, key)
                    break
        if len(found) >= FEWEST and "leave" in found:
            return found
    return None


def _last_menu(entries: List[Tuple[str, ...]]) -> List[Tuple[str, str]]:
    """The entries from the last one on that is the first of a menu."""
    found: List[Tuple[str, str]] = []
    for key, label in entries:
        if key in ("0", "1", "a", "A") and not (found and found[-1][0] == "0"):
            found = []
        found.append((key, label))
    return found


def _beside(line: str) -> List[Tuple[str, str]]:
    """The entries of a menu in one line."""
    found: List[Tuple[str, str]] = []
    for key, gap, label, number, other in _BESIDE.findall(line):
        whole = key + label if key.isalpha() and not gap else label
        found.append((number, other) if number else (key, whole))
    return found


def purpose_of(kind: str) -> str:
    """The purpose of a line of this kind (see rooms.Room.say)."""
    for purpose in ("leave", "status", "list", "get"):
        if kind.startswith(purpose):
            return purpose
    return "echo"
