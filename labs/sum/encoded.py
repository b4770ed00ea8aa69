"""What does a message say that is wholly base64 or hex text, or that writes
its numbers as 0x31?

Some teams wrap each message so that nothing in a name can break their format.
What is inside is then read as if it had been sent bare. Only a text is taken
for the inside: by chance a bare message decodes to other bytes.
"""

from __future__ import annotations

import base64
import binascii
import re
from functools import lru_cache
from typing import Callable, List, Optional

#: Fewer letters than this may be a word.
_LEAST = 8
_HEX = re.compile(rb"(?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]+={0,2}")
_LETTER = re.compile(r"[^\W\d_]")
_PREFIXED = re.compile(rb"(?<!\w)(-?)0([xX])([0-9a-fA-F]{1,8})(?!\w)")


def inside(data: bytes) -> Optional[bytes]:
    """What the message holds, a line for each token; None where it is not
    wholly encoded."""
    tokens = _tokens(data)
    found = [_decoded(token) for token in tokens]
    whole = b"\n".join(text for text in found if text is not None)
    if None in found or len(b"".join(tokens)) < _LEAST:
        return None
    return whole if _LETTER.search(whole.decode()) else None


@lru_cache(maxsize=256)
def readable(data: bytes) -> bytes:
    """The message as its receiver reads it: decoded, with numbers in tens."""
    data = inside(data) or data
    return data if b"\0" in data[:-1] else _PREFIXED.sub(
        lambda match: b"%d" % _value(match), data
    )


def with_inside(data: bytes,
                change: Callable[[bytes], Optional[bytes]]) -> Optional[bytes]:
    """The message with the last token changed that `change` has an answer
    for, and encoded as it was; None where there is none."""
    if inside(data) is None:
        return None
    for token in reversed(_tokens(data)):
        again = change(_decoded(token) or b"")
        if again is not None:
            before, _token, after = data.rpartition(token)
            return before + _encoded_like(token, again) + after
    return None


def with_prefixed(data: bytes, known: int, number: int) -> Optional[bytes]:
    """The message with another number in the place of 0x31; None where the
    known one is not written so."""
    written = [m for m in _PREFIXED.finditer(data) if _value(m) == known]
    if not written:
        return None
    last = written[-1]
    again = b"%s0%s%x" % (b"-" if number < 0 else b"", last.group(2), abs(number))
    return data[: last.start()] + again + data[last.end():]


def _tokens(data: bytes) -> List[bytes]:
    return data.rstrip(b"\0").split()


def _value(match: "re.Match[bytes]") -> int:
    return int(match.group(1) + match.group(3), 16)


def _decoded(token: bytes) -> Optional[bytes]:
    """The text in one token; None where it is bare, or holds no text."""
    try:
        if _HEX.fullmatch(token):
            found = binascii.unhexlify(token)
        elif _BASE64.fullmatch(token) and len(token.rstrip(b"=")) % 4 != 1:
            padded = token.rstrip(b"=") + b"=" * (-len(token.rstrip(b"=")) % 4)
            found = base64.b64decode(padded.translate(bytes.maketrans(b"-_", b"+/")))
        else:
            return None
        text = found.decode()
    except ValueError:
        return None
    return found if re.sub(r"\s", " ", text).isprintable() else None


def _encoded_like(token: bytes, text: bytes) -> bytes:
    """A text in the way in which a token is written."""
    if _HEX.fullmatch(token):
        again = binascii.hexlify(text)
        return again.upper() if token == token.upper() else again
    again = base64.b64encode(text)
    return again if len(token) % 4 == 0 else again.rstrip(b"=")
