"""Is this file in what was received, in any form in which files are sent?

As it is, or in an encoding that text protocols use for it: base64, a JSON
string, hexadecimal digits. A wire form may be cut into pieces by line ends,
and a JSON string into several messages.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import List

_BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}={0,2}")
_BLANK = re.compile(rb"\s+|\\n")


def forms(content: bytes) -> List[bytes]:
    """What is to be found on the wire: the content in each form."""
    found = [content, base64.b64encode(content), binascii.hexlify(content)]
    try:
        found.append(json.dumps(content.decode())[1:-1].encode())
    except UnicodeDecodeError:
        pass  # no text, so no JSON string
    return found


def beginnings(content: bytes) -> List[bytes]:
    """The same of its first bytes: enough to recognise it by."""
    return forms(content[:48])  # no padding in base64


def holds(received: bytes, content: bytes) -> bool:
    """Whether the file is in it, whole and unchanged."""
    if content in received:
        return True
    if not content or not any(start in received for start in beginnings(content)):
        return False
    joined = _BLANK.sub(b"", received)
    _, coded, digits, *quoted = forms(content)
    if coded in joined or digits in joined.lower():
        return True
    if any(form in received for form in quoted):
        return True
    pieces = b"".join(_decoded(piece) for piece in _BASE64.findall(received))
    return content in pieces or content in _from_messages(received)


def _from_messages(received: bytes) -> bytes:
    """What messages of JSON, one a line, carry in the longest of their texts."""
    carried = []
    for line in received.split(b"\n"):
        if line.startswith(b"{"):
            try:
                texts = [t for t in json.loads(line).values() if isinstance(t, str)]
            except ValueError:
                continue
            carried.append(max(texts, key=len, default=""))
    return "".join(carried).encode()


def _decoded(piece: bytes) -> bytes:
    try:
        return base64.b64decode(piece[: len(piece) // 4 * 4])
    except binascii.Error:
        return b""
