"""What would a person read in these bytes?

Programs write colours, carriage returns, odd spaces and quotes; a person sees
words. `shown` gives what is left on the screen, `plain` what it means.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Dict, List

from grader.model import Event

# Control sequences of a terminal: CSI, OSC, and the two-character ones.
_SEQUENCE = re.compile(
    r"\x1b\[([0-?]*)[ -/]*([@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[ -/]*[0-~]"
)
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff]"
)
# What moves the cursor or erases in a line; an "erase in line" is kept as
# one private character for each of its three kinds.
_ERASE = {"": "\ue000", "0": "\ue000", "1": "\ue001", "2": "\ue002"}
_MOVES = re.compile("\r+|\b+|[\ue000-\ue002]|[^\r\b\ue000-\ue002]+")
_QUOTES: Dict[int, str] = {
    ord(c): " " for c in "\"'`´‘’‚‛“”„‟«»‹›"
}


#: Shorter than this, zero bytes may be a length or a mark.
_LEAST_WIDE = 8


def event_bytes(event: Event) -> bytes:
    """The bytes of an `output` or `packet` event."""
    if "hex" in event:
        return bytes.fromhex(event["hex"])
    return str(event.get("text", "")).encode("utf-8", "surrogatepass")


def decode(data: bytes) -> str:
    """UTF-8 where it is, text of wide characters where it looks like it, else
    Latin-1: no program means a decoding error."""
    wide = _wide(data)
    if wide:
        return data.decode(wide, "replace").replace("\ufeff", "")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _wide(data: bytes) -> str:
    """The encoding of text in which most characters have zero bytes; "" where
    it is not. A buffer that is filled up with zeros is not."""
    if len(data) > 3 and data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        little = data[:1] == b"\xff"
        width = 4 if little and data[2:4] == b"\0\0" else 2
        return "utf-%d-%s" % (8 * width, "le" if little else "be")
    if len(data) < _LEAST_WIDE or b"\0" not in data:
        return ""
    for width in (4, 2):
        columns = [data[at::width] for at in range(width)]
        empty = [column.count(0) / len(column) for column in columns]
        if min(empty[1:]) > 0.8 and empty[0] < 0.1:
            return "utf-%d-le" % (8 * width)
        if min(empty[:-1]) > 0.8 and empty[-1] < 0.1:
            return "utf-%d-be" % (8 * width)
    return ""


def shown(text: str) -> str:
    """What stays on a screen: no control sequences, and what was written over
    in a line is gone."""
    text = _SEQUENCE.sub(_kept, re.sub("[\ue000-\ue002]", "", text))
    text = "\n".join(_line_shown(line) for line in text.split("\n"))
    return "".join(
        c if c in "\n\t" or c.isprintable() else " "
        for c in text
        if c.isprintable() or c.isspace()
    )


def _kept(sequence: "re.Match[str]") -> str:
    if sequence.group(2) != "K":
        return ""
    return _ERASE.get(sequence.group(1), "")


def _line_shown(line: str) -> str:
    """One line, as a terminal writes it."""
    if not re.search("[\r\b\ue000-\ue002]", line):
        return line
    cells: List[str] = []
    at = 0
    for move in _MOVES.findall(line):
        if move[0] == "\r":
            at = 0
        elif move[0] == "\b":
            at = max(0, at - len(move))
        elif move == "\ue000":
            del cells[at:]
        elif move in "\ue001\ue002":
            cells[:at] = " " * at
            if move == "\ue002":
                del cells[at:]
        else:
            cells[at : at + len(move)] = move
            at += len(move)
    return "".join(cells)


def plain(text: str) -> str:
    """The words alone: lower case, quotes and invisible signs gone, one blank
    between words; line ends stay, as "\\n". A zero byte ends a text in C."""
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = re.sub("\0+", "\n", text)
    text = text.translate(_QUOTES).lower()
    text = re.sub(r"[^\S\n]+", " ", text)
    return re.sub(r" ?\n[\n ]*", "\n", text).strip()
