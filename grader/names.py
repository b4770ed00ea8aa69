"""What does the driver type, so that no answer can be known beforehand?

Messages are made-up names, fresh for every run and the same for the same
seed. No name is part of another, none holds the letters x or y, which mean
something in the labs, and none is a word that a program may act on.
"""

from __future__ import annotations

import random
from typing import List

_FIRST = "BDFGHKLMNPRSTVZ"
_CONSONANTS = "bdfgklmnprstvz"
_VOWELS = "aeiou"
#: What such a name looks like, for who has to find them in a text.
LIKE = r"\b[%s][%s](?:[%s][%s]){2}\b" % (_FIRST, _VOWELS, _CONSONANTS, _VOWELS)
# English words of this form that sentences and commands are made of.
_WORDS = frozenset(
    "before beside define delete divide negate refuse remote remove rename"
    " resize resume revoke rotate".split()
)


class Names:
    """Fresh names for one run.

    They follow from the seed, the scenario and what was handed in. Without the
    last, anybody who grades a submission at home learns what will be typed
    when it counts, and can put it into a program that only looks right.
    """

    def __init__(self, seed: int, scenario: str, handed_in: str = "") -> None:
        self._random = random.Random("%d/%s/%s" % (seed, scenario, handed_in))
        self._used: List[str] = []

    def fresh(self) -> str:
        """A name that this run has not had: "Talimo"."""
        while True:
            name = self.word()
            if name not in self._used and name.lower() not in _WORDS:
                self._used.append(name)
                return name

    def word(self) -> str:
        """A name that may have come before, for texts of many words."""
        pick = self._random.choice
        name = pick(_FIRST) + pick(_VOWELS)
        return name + "".join(pick(_CONSONANTS) + pick(_VOWELS) for _ in "12")

    def number(self, least: int, most: int) -> int:
        """A whole number from `least` to `most`."""
        return self._random.randint(least, most)
