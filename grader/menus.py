"""Which of the answers that a program offers leads on?

Some clients have a menu (`1) connect  2) send  3) quit`), some programs ask
for their role (`(s)erver or (c)lient?`) or for one certain word (`type 'go' to
begin`). What they offer is read from the screen; which offer to take is said
by a wish.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

from grader import text


@dataclass(frozen=True)
class Wish:
    """What one wants of a program: words of a fitting offer, the best first.

    `letter` (x, y) and `number` tell who one is, where a program asks that.
    """

    words: Tuple[str, ...]
    letter: str = ""
    number: int = 1


TO_SERVE = Wish(("server", "serve", "start", "listen", "host", "run", "begin"))
TO_CONNECT = Wish(("client", "connect", "join", "start", "begin", "enter", "run"))
TO_SEND = Wish(
    ("send", "message", "msg", "chat", "talk", "write", "type", "say", "name",
     "text", "enter", "start", "continue")
)
TO_HEAR = Wish(
    ("receive", "result", "reply", "response", "answer", "read", "show",
     "view", "check", "get", "listen", "wait", "continue")
)

#: Offers that end things, or lead elsewhere.
_ENDS = re.compile(
    r"\b(quit|exit|leave|stop|disconnect|close|cancel|abort|bye|help|settings"
    r"|about|back|end|shut ?down|terminate)\b"
)
#: A last line after which a menu above it is asked about.
_PICK = re.compile(
    r"\b(choice|choose|chose|option|select|selection|pick|menu|command|action"
    r"|mode|role|do you (?:want|like|wish)|would you like|number|1|2)\b"
)
_LINE = re.compile(r"^\W{0,3}\b([0-9]|[a-z])\s?[\])}]?\s*(?:[.):=>\]-]+|\s-+)\s+(\S.*)$")
_LINE_TIGHT = re.compile(r"^\W{0,3}\b([0-9])\s?[.):\]]\s*([a-z].*)$")
_LETTER = re.compile(r"[(\[<]([a-z0-9])[)\]>]\s?([a-z][^(\[<\n]*)")
_FOR = re.compile(
    r"\b([0-9]|[a-z])\s*(?:[.):=]|-+>?|\bfor\b|\bto\b|\bif\b)\s*((?:the |a |be |run |start )*"
    r"[a-z]{3,}[^,;/|()\n0-9]*)"
)
_AFTER = re.compile(r"\b([a-z]{3,})\s*[(\[]\s*([a-z0-9])\s*[)\]]")
_AMONG = re.compile(
    r"[(\[{<]\s*(\w{1,10}(?:(?:\s*[/|,]\s*|\s+or\s+)+\w{1,10})+)\s*[)\]}>]"
)
_SIDES = re.compile(r"\b(server|client)\b(?:\W|\bor\b|\ba\b|\bthe\b|\bas\b)+\b(server|client)\b")
_LETTERS = re.compile(r"\b([xy1])\W*(?:\bor\b|/)\W*([xy2])\b")
_QUOTED = re.compile(
    r"\b(?:type|enter|press|write|say|input)\s*[\"'`\[<“‘](\w{1,12})[\"'`\]>”’]"
    r"\s*(?:and (?:press|hit) \w+ )?((?:to|when|once|if|for)\b[^,;\n]*)"
)
_NEVER = re.compile(r"\b(?:yes|no|y/n)\b")
#: A menu has no more lines than this, with its head.
_MOST_LINES = 14


@dataclass(frozen=True)
class Offer:
    """One answer that a program offers: what to type, and what it does."""

    key: str
    what: str


def choose(said: str, wish: Wish) -> Optional[str]:
    """What to type; None where nothing that fits is offered.

    `said` is what the program printed since it was last typed at.
    """
    found = offers(said)
    useful = [one for one in found if not _ENDS.search(one.what)]
    for word in wish.words:
        for one in useful:
            if re.search(r"\b%s" % word, one.what) or one.key == word:
                return one.key
    for one in useful:
        if wish.letter and one.key == wish.letter:
            return one.key
    if useful and not any(one.what for one in useful):
        bare = [one.key for one in useful if one.key == str(wish.number)]
        return bare[0] if bare else None
    # Whatever else it offers, one has to take something.
    return useful[0].key if useful and all(len(o.key) == 1 for o in found) else None


def offers(said: str) -> List[Offer]:
    """What the end of a program's output offers, in its order."""
    lines = [
        re.sub(r"\s+", " ", line).strip().lower()
        for line in text.shown(said).split("\n")
    ]
    lines = [line for line in lines if line][-_MOST_LINES:]
    if not lines or _NEVER.search(lines[-1]):
        return []
    return _inline(lines[-1]) or _above(lines)


def _inline(question: str) -> List[Offer]:
    """Offers within the question itself."""
    quoted = [Offer(m.group(1), m.group(2)) for m in _QUOTED.finditer(question)]
    if quoted:
        return quoted
    for pattern in (_LETTER, _FOR):
        found = [Offer(*m.groups()) for m in pattern.finditer(question)]
        if len({one.key for one in found}) > 1:
            return [_spelt(one) if pattern is _LETTER else one for one in found]
    after = [Offer(m.group(2), m.group(1)) for m in _AFTER.finditer(question)]
    if len({one.key for one in after}) > 1:
        return after
    among = _AMONG.search(question)
    if among:
        keys = re.split(r"\s*[/|,]\s*|\s+or\s+", among.group(1))
        return [_bare(key) for key in keys if key]
    pair = _SIDES.search(question) or _LETTERS.search(question)
    if pair and pair.group(1) != pair.group(2):
        return [_bare(key) for key in pair.groups()]
    return []


def _bare(key: str) -> Offer:
    """A word stands for itself; a letter or digit says nothing."""
    return Offer(key, key if len(key) > 1 else "")


def _spelt(one: Offer) -> Offer:
    """Of "(s)end it" the s is a part of the word."""
    joined = not one.what[0].isspace() and one.key.isalpha()
    return Offer(one.key, one.key + one.what if joined else one.what)


def _above(lines: List[str]) -> List[Offer]:
    """A menu of several lines, where the last line asks about it."""
    last = lines[-1]
    # "X: Alice" at the end of an answer is no menu.
    is_entry = _entry(last) is not None and not re.match(r"\W*[a-z]\s?:", last)
    if not (is_entry or _PICK.search(last) or not re.search("[a-z0-9]", last)):
        return []
    found: List[Offer] = []
    for line in reversed(lines):
        one = _entry(line)
        if one is not None:
            found.insert(0, one)
        elif found and not _entry_like(line):
            break
    return found if len({one.key for one in found}) > 1 else []


def _entry(line: str) -> Optional[Offer]:
    match = _LINE.match(line) or _LINE_TIGHT.match(line)
    return Offer(match.group(1), match.group(2)) if match else None


def _entry_like(line: str) -> bool:
    """Ornaments between the entries of a menu."""
    return not re.search("[a-z0-9]", line)
