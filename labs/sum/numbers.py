"""Which whole numbers are in a text or in a message, and where?

Hand-ins write a number as digits, packed (a struct, writeInt), as one byte, as
a pickled object, or encoded once more. All of them are looked for; nothing is executed. A number
can be replaced too, so that a peer may say a message of the client again.
"""

from __future__ import annotations

import pickletools
import re
import struct
from functools import lru_cache
from typing import FrozenSet, List, Optional, Sequence, Tuple

from grader.api import decode

from .encoded import readable, with_inside, with_prefixed

_FORMS = (">i", "<i", ">q", "<q", ">h", "<h", ">d", "<d")
#: A longer binary message is no struct of a name and a number.
_MOST_BINARY = 4096
_PICKLED = {"BININT1": 2, "BININT2": 3, "BININT": 5}  # bytes of the opcode
_TEXT = frozenset(b"\t\n\r") | frozenset(range(32, 127))

#: One message, and the number that is known to be in it.
Told = Tuple[bytes, int]


@lru_cache(maxsize=256)
def integers(text: str) -> FrozenSet[int]:
    """Every whole number that stands by itself in a text; 59.0 is one, the
    parts of an address are none."""
    found = set()
    for match in re.finditer(
        r"(?<!\d)(?<!\d\.)([-−]?)(\d{1,9})(?:\.0+)?(?!\d|\.\d)", text
    ):
        value = int(match.group(2))
        found.add(value)
        if match.group(1):
            found.add(-value)
    return frozenset(found)


def is_text(data: bytes) -> bool:
    """Whether a message is what a person could have typed. The zero that ends
    a text in C may be at its end."""
    body = data[:-1] if data.endswith(b"\0") else data
    if _TEXT.issuperset(body):
        return True
    try:
        return body.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def numbers_in(data: bytes) -> FrozenSet[int]:
    """The numbers in a message, as digits, packed, pickled, or encoded."""
    data = readable(data)
    text = decode(data)
    return integers(text) | unpacked(data) | _behind_lengths(text)


def _behind_lengths(text: str) -> FrozenSet[int]:
    """Numbers that their own length is told before: `0002` and `17`."""
    found = set()
    for run in re.findall(r"(?<!\d)\d{1,9}-?\d{1,9}(?!\d)", text):
        for at in range(1, len(run)):
            if not run[:at].isdigit():
                break
            if int(run[:at]) == len(run) - at:
                found.add(int(run[at:]))
    return frozenset(found)


def has_number(data: bytes, number: int, others: Sequence[Told] = ()) -> bool:
    """Whether a number is in a message. `others` are messages of the same
    program with their numbers: a single byte counts where it is in each."""
    return number in numbers_in(data) or bool(
        others and _single_byte(list(others) + [(data, number)])
    )


@lru_cache(maxsize=256)
def unpacked(data: bytes) -> FrozenSet[int]:
    """Numbers in a binary message."""
    if len(data) > _MOST_BINARY or is_text(data):
        return frozenset()
    pickled = pickle_parts(data)
    if pickled is not None:
        return frozenset(value for value, _at, _size in pickled[1])
    found = set()
    for form in _FORMS:
        for at in range(len(data) - struct.calcsize(form) + 1):
            value = struct.unpack_from(form, data, at)[0]
            if abs(value) < 1 << 40 and value == int(value):
                found.add(int(value))
    return frozenset(found)


Parts = Tuple[List[str], List[Tuple[int, int, int]]]


def pickle_parts(data: bytes) -> Optional[Parts]:
    """The texts of a pickled object, and its numbers with where they are and
    how long; None for anything else. Reading the opcodes executes nothing."""
    if data[:1] != b"\x80":
        return None
    texts: List[str] = []
    numbers: List[Tuple[int, int, int]] = []
    try:
        for opcode, value, at in pickletools.genops(data):
            if isinstance(value, str):
                texts.append(value)
            elif opcode.name in _PICKLED and isinstance(value, int):
                numbers.append((value, at or 0, _PICKLED[opcode.name]))
    except Exception:  # whatever it is, it is no whole pickled object
        return None
    return texts, numbers


def _single_byte(told: Sequence[Told]) -> Optional[int]:
    """Where one byte is the number in each of several messages, counted from
    the end (negative) or from the start; None where there is no such place."""
    # A byte that looks like a letter may be there by chance once or twice.
    least = 3 if all(is_text(data) for data, _n in told) else 2
    if len({number for _d, number in told}) < least:
        return None
    shortest = min(len(data) for data, _n in told)
    for at in list(range(-1, -shortest - 1, -1)) + list(range(shortest)):
        if all(data[at] == number & 0xFF for data, number in told):
            return at
    return None


def with_number(told: Sequence[Told], number: int) -> Optional[bytes]:
    """The first message with another number in it; None where it is not seen
    how. The others only show where a single byte is."""
    data, known = told[0]
    encoded = with_inside(
        data, lambda text: with_number([(text, known)], number)
    ) or with_prefixed(data, known, number)
    if encoded is not None:
        return encoded
    digits = re.compile(rb"(?<![\d.])%d(?![\d.])" % known)
    if digits.search(data):
        return digits.sub(b"%d" % number, data)
    behind = re.compile(rb"(?<!\d)0*%d%d(?!\d)" % (len(str(known)), known))
    match = behind.search(data)
    if match:
        text = str(number).encode()
        width = len(match.group()) - len(str(known))
        again = str(len(text)).encode().rjust(width, b"0") + text
        return data[: match.start()] + again + data[match.end():]
    if pickle_parts(data) is not None:
        return _pickled_again(data, known, number)
    places: List[Tuple[bool, int, int, str]] = []
    for form in _FORMS:
        packed, size = struct.pack(form, known), struct.calcsize(form)
        at = data.find(packed)
        while at >= 0:
            # A struct keeps its numbers at multiples of their size.
            places.append((bool(at % size), len(places), at, form))
            at = data.find(packed, at + 1)
    if places:
        _odd, _order, at, form = min(places)
        again = struct.pack(form, number)
        return data[:at] + again + data[at + len(again):]
    byte = _single_byte(told)
    if byte is None:
        return None
    at = byte % len(data)
    return data[:at] + bytes([number & 0xFF]) + data[at + 1:]


def _pickled_again(data: bytes, known: int, number: int) -> Optional[bytes]:
    """A pickled object with another number in the place of the known one."""
    parts = pickle_parts(data)
    for value, at, size in parts[1] if parts else []:
        if value == known:
            again = b"J" + struct.pack("<i", number)
            data = data[:at] + again + data[at + size:]
            # A frame tells a length, which is no longer right; none is needed.
            return re.sub(rb"\A(\x80.)\x95.{8}", rb"\1", data, flags=re.DOTALL)
    return None
