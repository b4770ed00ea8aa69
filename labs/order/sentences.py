"""What does a text of this lab say?

Students' servers word the same thing in many ways. These functions read a
text as a careful person would; how strictly the wording is judged is decided
in checks.py. Letters are "X" and "Y".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Dict, List, Optional, Sequence, Tuple

from grader.api import plain, shown

# ---- who is X, and is it connected? ---------------------------------------

_CONNECTED = re.compile(
    r"\b(?:connect|accept|establish|join|welcome|ready|online)"
)
_OVER = re.compile(
    r"\b(?:disconnect|not|clos|lost|left|bye|goodbye|fail|refus)"
)
_YET_TO_COME = re.compile(r"\b(?:wait|until|to connect|to join)")
_STOP = r"[,;()]|\band\b|\bbut\b"

_GAP = r"[\W_]{0,4}"
_LABEL = re.compile(
    r"\b(?:client|user|you are|you re|labell?ed|label|named|name|called|letter"
    r"|assigned|connected|id|as|is|welcome)%s(?:(?:as|is|the|to)\W)?"
    r"(?:client%s)?(?:number |no )?\d?%s([xy])\b" % (_GAP, _GAP, _GAP)
)
_LABEL_BEFORE = re.compile(
    r"\b([xy])[\W_]{0,3}(?:(?:is|has|was|now|been|just|successfully) )*"
    r"(?:connect|accept|establish|join|online|ready)"
)
_BOTH_LABELS = re.compile(
    r"\b(?:clients?|both) ?(x)\W*(?:and|or|&|,|/)\W*(?:client ?)?(y)\b"
)
_TO_YOU = re.compile(
    r"\byou(?: are| re|r (?:name|label|id|letter) is)"
    r"(?: now| connected| labell?ed| called| known| assigned| named| as| to be"
    r"| the)*[\W_]*(?:client[\W_]*)?\d?[\W_]*([xy])\b"
)


def announced(text: str) -> List[str]:
    """The letters that a text announces as connected, in its order.

    A text that says "you are X" speaks of its reader; what it says of the
    other client then does not count.

    >>> announced("Client X connected")
    ['X']
    """
    found: List[str] = []
    yours: List[str] = []
    for line in re.split(r"\n|(?<=[.!])\s", _words(text)):
        if "before" in line:  # the other sentence, perhaps joined to a greeting
            greeting = re.match(r".*?\bconnected\b", line.split("before")[0])
            line = greeting.group() if greeting else ""
        yours += _TO_YOU.findall(line)
        told = _what_is_so(line)
        if _CONNECTED.search(told):
            found += _letters_in(told) or [""]
    letters = yours if found and yours else found
    return [letter.upper() for letter in letters if letter]


def names_a_letter(text: str) -> List[str]:
    """The letters that a text gives a client, with or without a greeting."""
    return [
        letter.upper()
        for line in _words(text).split("\n")
        if "before" not in line
        for letter in _letters_in(line)
    ]


def _what_is_so(line: str) -> str:
    """A line without what is over or has still to come: of "Client X
    connected, waiting for client Y" the first half."""
    if not (_OVER.search(line) or _YET_TO_COME.search(line)):
        return line
    pieces = [p for p in re.split(_STOP, line) if not _OVER.search(p)]
    return ", ".join(_YET_TO_COME.split(piece)[0] for piece in pieces)


def _letters_in(line: str) -> List[str]:
    places: Dict[int, str] = {}
    for pattern in (_LABEL, _LABEL_BEFORE, _BOTH_LABELS):
        for match in pattern.finditer(line):
            for number, letter in enumerate(match.groups(), 1):
                places[match.start(number)] = letter
    return [places[at] for at in sorted(places)]


# ---- which message was first? ----------------------------------------------

_RECEIVED = re.compile(r"rec(?:ei|ie)v")
_SLIP = "\ue010"  # stands after a word that was misspelt


@dataclass(frozen=True)
class Sentence:
    """What an acknowledgement claims."""

    first: str  # the message that it says was first, as it was sent
    letters: Tuple[str, str]  # of the first and second message; "" if missing
    says_before: bool
    says_received: bool
    misspelt: bool
    has_messages: bool  # it repeats both messages
    text: str  # the words that were read
    own_letters: bool = False  # a letter is there only as the client wrote it

    @property
    def is_whole(self) -> bool:
        """It has every word that the assignment wants."""
        return (
            self.has_messages
            and self.says_before
            and self.says_received
            and all(self.letters)
        )


#: A message of so many letters is known also where it sticks to a word.
_LONG = 4
#: Where messages stand in a text that has no end, the last few count.
_MOST_PLACES = 30
#: Nobody types a longer message, and no server needs so much to say which was
#: first. Of what is longer, the two ends are read: all of it takes for ever.
LONGEST, _MOST_TEXT = 4096, 64 * 1024


@dataclass(frozen=True)
class _Place:
    """Where a message stands in a text."""

    at: int
    end: int
    message: int  # 0: the one, 1: the other


@dataclass(frozen=True)
class _Sent:
    """A message, and the words that the client put before it."""

    message: str
    words: str
    prefix: str

    @property
    def letter(self) -> str:
        found = re.findall(r"(?:\b|client)([xy])\b", self.prefix)
        return str(found[-1]).upper() if found else ""


def _same(sent: Sequence[_Sent]) -> bool:
    return sent[0].words == sent[1].words


def read(
    text: str, one: str, other: str, prefixes: Tuple[str, str] = ("", "")
) -> Optional[Sentence]:
    """Which of two messages does a text say was first? None: it does not say.

    `prefixes` is what the clients themselves wrote before their messages,
    such as "Client X: ". Where a text says it several times, the last counts.
    """
    if max(len(one), len(other)) > LONGEST:
        return None
    sent = tuple(
        _Sent(message, plain(message), _words(prefix))
        for message, prefix in zip((one, other), prefixes)
    )
    if not all(s.words for s in sent):
        return None
    words = _words(text, keep=[s.words for s in sent])
    places = _places(words, sent)[-_MOST_PLACES:]
    claims = []
    for i, left in enumerate(places):
        for j, right in enumerate(places[i + 1 :], i + 1):
            if left.message == right.message and not _same(sent):
                continue
            found = _claim(words, places, left, right, sent)
            if found is not None:
                claims.append((_weight(found, i, j), found))
    return max(claims, key=lambda claim: claim[0])[1] if claims else None


def _ends(text: str) -> str:
    """A text, or both ends of one that is too long to be a sentence."""
    half = _MOST_TEXT // 2
    return text if len(text) <= _MOST_TEXT else text[:half] + "\n" + text[-half:]


def _weight(sentence: Sentence, i: int, j: int) -> Tuple[int, ...]:
    """How good a reading is: one that says more, with nothing in between,
    and then the later one. Messages may hold the very words around them."""
    return (
        sentence.says_before,
        sentence.says_received,
        len("".join(sentence.letters)),
        i - j,
        i,
    )


def read_letters(text: str) -> Optional[Sentence]:
    """The same for a sentence with letters only: "X received before Y"."""
    for line in _words(text).split("\n"):
        match = re.search(r"\b([xy])\b.*?\b(before|after)\b.*?\b([xy])\b", line)
        if match is None or match.group(1) == match.group(3):
            continue
        letters = (match.group(1).upper(), match.group(3).upper())
        if match.group(2) == "after":
            letters = letters[::-1]
        return Sentence(
            first="",
            letters=letters,
            says_before=match.group(2) == "before",
            says_received=bool(_RECEIVED.search(line)),
            misspelt="reciev" in line or _SLIP in line,
            has_messages=False,
            text=line.replace(_SLIP, ""),
        )
    return None


def _places(words: str, sent: Tuple[_Sent, ...]) -> List[_Place]:
    """Where the messages stand, in the text's order.

    The longer one is looked for first, since it may hold the shorter. A
    short one may be part of anything: it should be a word of its own. The
    words that the client itself put before it belong to it.
    """
    found: List[_Place] = []
    order = sorted((0, 1), key=lambda i: -len(sent[i].words))
    for number in order[:1] if _same(sent) else order:
        whole = re.escape(sent[number].words)
        before = re.escape(sent[number].prefix)
        patterns = [r"(?<![a-z0-9])%s(?![a-z0-9])" % whole, whole]
        if len(sent[number].words) >= _LONG:
            del patterns[0]
        for pattern in patterns:
            matches = [
                _Place(m.start(), m.end(), number)
                for m in re.finditer("(?:%s ?)?(?:%s)" % (before, pattern), words)
                if not any(m.start() < p.end and p.at < m.end() for p in found)
            ]
            if matches:
                found += matches
                break
    return sorted(found, key=lambda place: place.at)


def _claim(
    words: str,
    places: List[_Place],
    left: _Place,
    right: _Place,
    sent: Tuple[_Sent, ...],
) -> Optional[Sentence]:
    """What the words around two neighbouring messages say."""
    begin = max([p.end for p in places if p.end <= left.at], default=0)
    end = min([p.at for p in places if p.at >= right.end], default=len(words))
    line = words[: left.at].split("\n")[-1]
    head = words[begin : left.at].split("\n")[-1]
    between = words[left.end : right.at]
    tail = words[right.end : end].split("\n")[0]
    begins = begin == 0 or "\n" in words[begin : left.at]
    order = _order(head, between, tail, begins and "\n" not in between)
    if order is None:
        return None
    first, second = sent[left.message], sent[right.message]
    letters = _letters(line, head, between, words[right.end :])
    own = not all(letters)
    letters = (letters[0] or first.letter, letters[1] or second.letter)
    if order < 0:
        first, letters = second, letters[::-1]
    told = head + " | " + between + " | " + tail
    return Sentence(
        first=first.message,
        letters=letters,
        says_before="before" in told,
        says_received=bool(_RECEIVED.search(told)),
        misspelt="reciev" in told or _SLIP in told,
        has_messages=True,
        text=words[left.at - len(line) : right.end + len(tail)].replace(_SLIP, ""),
        own_letters=own and all(letters),
    )


def _order(
    head: str, between: str, tail: str, one_line: bool
) -> Optional[int]:
    """1: what stands first was first; -1: it was last; None: nobody says.

    `one_line`: both stand in a line with no message before them.
    """
    if re.search(r"\bpreceded by\b", between):
        return -1
    if re.search(r"\b(after (that|this|it|which)|afterwards)\b", between):
        return 1
    if re.search(r"before|\b(preced\w*|earlier than|ahead of)\b", between):
        return 1
    if re.search(r"\b(after|later than|behind)\b", between):
        return -1
    if one_line and re.search(r"\bbefore\b[^.]{0,12}$", head):
        return -1  # "before B, A was received"
    if one_line and re.search(r"\bafter\b[^.]{0,12}$", head):
        return 1
    says_first = re.search(r"\b(first|1st)\b", head + " " + between)
    if re.search(r"\b(first|1st)\b", tail) and not says_first:
        return -1
    if re.search(r"\b(followed by|then|second|2nd|last)\b", between):
        return 1
    return 1 if says_first else None


_FILLER = (
    r"(?:[\W_]+(?:s|sent|send|said|says|wrote|message|msg|text|with|the|client"
    r"|number|no|[12])\b)*"
)


def _letters(line: str, head: str, between: str, after: str) -> Tuple[str, str]:
    """The letters of two messages: next to them, or else the only one there
    is in the words before them, as in "X (first): A"."""
    left = _letter(line, between) or _only_letter(head)
    right = _letter(between, after)
    if not right and _only_letter(between) != left:
        right = _only_letter(between)
    return left, right


def _only_letter(words: str) -> str:
    found = set(re.findall(r"(?:(?<![a-z])|client)([xy])\b", words))
    return str(found.pop()).upper() if len(found) == 1 else ""


def _letter(words_before: str, words_after: str) -> str:
    """The letter right before a message, as in "client x: ", or else right
    after it, as in " from client x"."""
    match = re.search(
        r"(?:(?<![a-z])|client)([xy])\b" + _FILLER + r"[\W_]*$", words_before
    ) or re.match(
        r"[\W_]*(?:sent )?(?:from|by|of)?[\W_]*(?:client[\W_]*)?([xy])\b(?!\W*:)",
        words_after,
    )
    return match.group(1).upper() if match else ""


# ---- words -----------------------------------------------------------------

#: What these texts are made of. Where a word is one slip away it is meant.
_MEANT = ("client", "connected", "received", "before")
#: How Python shows bytes: b'Alice'. One that is shown in another has slashes.
_BYTES = re.compile(r"\bb?\\*(['\"])")
_ALSO_WORDS = frozenset("clients receive receives receiver receiving".split())


def _words(text: str, keep: Sequence[str] = ()) -> str:
    """The words of a text from the network, with slips mended except in what
    is to be kept, and with letters split from the words they stick to."""
    text = re.sub("[\0\r]+", "\n", _ends(text))
    words = plain(shown(_BYTES.sub(r"\1", text)))
    if not keep:
        return re.sub(r"[a-z]+", _mended, words)
    longest_first = sorted(keep, key=len, reverse=True)
    kept = "|".join(re.escape(message) for message in longest_first)
    return re.sub(
        "(%s)|[a-z]+" % kept,
        lambda m: m.group(0) if m.group(1) else _mended(m),
        words,
    )


def _mended(match: "re.Match[str]") -> str:
    word = match.group(0)
    if word in _MEANT or word in _ALSO_WORDS:
        return word
    if word[:-1] in _MEANT and word[-1] in "xy":
        return word[:-1] + " " + word[-1]
    for meant in _MEANT:
        if _one_slip_apart(word, meant):
            return meant + (_SLIP if meant == "received" else "")
    return word


def _one_slip_apart(word: str, meant: str) -> bool:
    """One letter more, less or other, or two neighbours changed over.

    A made-up name can be `before` but for one letter; that is no slip.
    """
    other_letter = meant != "before"
    while word and meant and word[0] == meant[0]:
        word, meant = word[1:], meant[1:]
    while word and meant and word[-1] == meant[-1]:
        word, meant = word[:-1], meant[:-1]
    if len(word) == len(meant) == 1:
        return other_letter
    if len(word) == len(meant) == 2:
        return word == meant[::-1]
    return len(word) + len(meant) == 1
