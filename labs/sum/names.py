"""Whose name is in a message, and does a terminal show it?

A name is looked for and not a layout: what stands behind `Client of`, the
value of a key `name`, or else whatever in the message is neither a number nor
a word that only says what something is. Nothing here judges.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import FrozenSet, List, Tuple

from grader.api import decode, plain

from .encoded import readable
from .numbers import is_text, pickle_parts

#: Words that say what something is, and are no name.
GENERIC = frozenset(
    "a accepted ack address all am an and answer are as at back be bye by can"
    " client clients close closed cnum combined connect connected connection"
    " data error find for from get goodbye got greetings has have hello here"
    " hey hi host i id in int integer ip is it its java lang message messages"
    " mine msg my n name named names nbsp new no not nr num number numbers of"
    " ok okay on own please port ready receive received recv reply request"
    " response result s say says send sending sent server servers snum string"
    " success successfully sum thank thanks that the their theirs this to"
    " total type value was we welcome who will with xp you your".split()
)
#: A key: the piece behind it is the name.
_KEY = re.compile(r"(?:\bname|\bfrom|\bcalled|\bam|\bid|name)$")
_BETWEEN = re.compile(
    r"[\n\r\t:,;|=#~/<>{}()\[\]\"*+&!?\\^%$@]+|(?<!\w)'|'(?!\w)| - |\.\s| {2,}"
    r"|(?<![\w.-])-?\d+(?![\w.])"
)
_ANY_GENERIC = "|".join(sorted(GENERIC - {"client", "clients", "server"}))


@dataclass(frozen=True)
class Name:
    """A name: the words that tell it; where it has none (`Client 1`), all
    that was said."""

    words: FrozenSet[str]
    phrase: str = ""

    def __bool__(self) -> bool:
        return bool(self.words or self.phrase)


def flat(text: str) -> str:
    """The words of a text with single blanks, as a name is compared."""
    return re.sub(r"[\W_]+", " ", plain(text)).strip()


def words_of(text: str) -> FrozenSet[str]:
    return frozenset(re.findall(r"[^\W\d_]+", plain(text)))


def telling(text: str) -> FrozenSet[str]:
    """The words of a text that may be a name."""
    return words_of(text) - GENERIC


def typed_name(text: str) -> Name:
    """A name that a program was given at its terminal."""
    return Name(telling(text), flat(text))


def pieces(data: bytes) -> List[str]:
    """What stands by itself in a message, without its numbers."""
    data = readable(data)
    pickled = pickle_parts(data)
    if pickled is not None:
        strings = pickled[0]
    elif is_text(data):
        strings = [decode(data)]
    else:
        strings = []
        for run in re.findall(rb"[ -~\n\x80-\xff]{2,}", data):
            text = run.decode("utf-8", "ignore")
            # The last byte of a packed number before or behind a name may
            # look like a letter.
            strings += [text, text[1:], text[:-1]]
    found = [p for string in strings for p in _BETWEEN.split(string)]
    return [p.strip() for p in found if re.search(r"[^\W\d_]", p)]


def names_in(data: bytes, who: str) -> Tuple[Name, ...]:
    """What may be the name of `who` (client or server) in a message: those
    that are called so, or else all that could be."""
    said, called, others = pieces(data), [], []
    for before, piece in zip([""] + said, said):
        name = _name_of(piece, who)
        if not name:
            continue
        if who in flat(piece) or _KEY.search(flat(before)):
            called.append(name)
        elif name.words:
            others.append(name)
    telling_ones = [name for name in called if name.words]
    return tuple(telling_ones or others or called)


def _name_of(piece: str, who: str) -> Name:
    """The name in one piece. `Ann has connected to Server of Bea` has two."""
    other = "client" if who == "server" else "server"
    text = flat(piece)
    match = re.search(r"%s\b(.*)" % who, text)
    if match:
        behind = telling(re.split(r"\b%s\b" % other, match.group(1))[0])
        if behind:
            return Name(behind)
        # `Ann's server`, or a name that is no more than this.
        text = re.split(r"\b%s\b" % other, text[: match.end(0)])[-1]
        return Name(telling(text), text.strip())
    if re.search(r"\b%s\b" % other, text):
        return Name(frozenset())
    return Name(telling(text), "")


def _mentions(who: str, words: FrozenSet[str]) -> "re.Pattern[str]":
    """`Server of Ann`, `server name: Ann`, `Ann's server`."""
    name = "(?:%s)(?![a-z])" % "|".join(re.escape(word) for word in sorted(words))
    between = "(?: (?:%s|%s)){0,8}" % (_ANY_GENERIC, who)
    return re.compile(
        rf"\b{who}{between} {name}(?: {name}){{0,8}}"
        rf"|\b{name}\d* (?:s )?{who}\b(?!{between} {name})"
    )


def shows(output: str, who: str, names: Tuple[Name, ...],
          others: Tuple[Name, ...]) -> bool:
    """Whether an output has the name of `who`. `others` are the names of the
    other side: where both have one name (a team's), each must be seen."""
    parts = re.split(r"[\n\t,;|/()]|<?->| - ", output)
    text = " \n ".join(flat(part) for part in parts)
    return any(_shows(text, who, name, others) for name in names)


def _shows(text: str, who: str, name: Name, others: Tuple[Name, ...]) -> bool:
    if not name.words:
        return _shows_phrase(text, name.phrase)
    shown = frozenset(text.split()) | words_of(text)
    if not all(word in shown for word in name.words):
        return False
    if not any(name.words & other.words for other in others):
        return True
    both = name.words & frozenset().union(*(other.words for other in others))
    other = "client" if who == "server" else "server"
    without = _mentions(other, both).sub(" ", text)
    bare = words_of(without) >= both
    if who == "client":
        return bare
    # What is not said to be the server's may be the client's.
    return bool(
        _mentions("server", both).search(text) or (without != text and bare)
    )


def _shows_phrase(text: str, phrase: str) -> bool:
    """A name of generic words: `Server` alone must stand as a name would."""
    if " " in phrase or not phrase:
        return bool(phrase) and bool(re.search(r"\b%s\b" % re.escape(phrase), text))
    return bool(
        re.search(r"\b%s(?: \n|$| \d| name\b| of\b| has\b| %s)"
                  % (re.escape(phrase), re.escape(phrase)), text)
    )
