"""Which command line arguments does a program want?

Some hand-ins take host, port or a name from the command line and end at once
without them. What they print then usually says what they want; where it does
not, the usual orders are tried. The kinds are those of grader.prompts.
"""

from __future__ import annotations

import re
from typing import List, Sequence, Tuple

from grader import text
from grader.prompts import HOST, NAME, OTHER, PORT

_WANTS = re.compile(
    r"\busage\b|sys\.argv|index out of range|indexerror|outofbounds|argc\b"
    r"|\barguments?\b|not enough values to unpack"
)
_USAGE = re.compile(r"usage\s*:?\s*(.*)")
_REQUIRED = re.compile(r"arguments? (?:are|is) required:\s*(.*)")
_KINDS = (
    (PORT, re.compile(r"port")),
    (HOST, re.compile(r"host|ip\b|addr|server")),
    (NAME, re.compile(r"name|user|id\b|label|letter|client")),
    (OTHER, re.compile(r"message|msg|text|word|number|int|value")),
)
#: Words of a usage line that start the program and are no arguments.
_PROGRAM = re.compile(r"^(?:python[\d.]*|node|java|\./\S+|\S+\.(?:py|js|class|jar)"
                      r"|%s|\S*(?:server|client)\S*)$")
_USUAL = {
    "server": ((PORT,), (HOST, PORT), (PORT, HOST)),
    "client": ((HOST, PORT), (PORT,), (HOST,), (HOST, PORT, NAME), (NAME,)),
}


def wanted(said: str) -> bool:
    """Whether what a program printed before it ended asks for arguments."""
    return bool(_WANTS.search(text.plain(text.shown(said))))


def guesses(said: str, role: str) -> List[Tuple[str, ...]]:
    """The kinds of arguments to try, the likeliest first."""
    told = _told(text.plain(text.shown(said)))
    usual: Sequence[Tuple[str, ...]] = _USUAL.get(role, _USUAL["client"])
    found = [told] if told else []
    return found + [kinds for kinds in usual if kinds != told]


def _told(words: str) -> Tuple[str, ...]:
    """The kinds that a usage line or argparse names, in its order."""
    required = _REQUIRED.search(words)
    usage = _USAGE.search(words)
    line = required.group(1) if required else usage.group(1) if usage else ""
    kinds = []
    tokens = re.split(r"[\s,]+", line)
    while tokens and _PROGRAM.match(tokens[0]):
        tokens.pop(0)
    for token in tokens:
        if token.startswith("[-") or token.startswith("-"):
            continue  # an option: it may be left out
        word = token.strip("<>[](){}.:;")
        for kind, pattern in _KINDS:
            if pattern.search(word):
                kinds.append(kind)
                break
    return tuple(kinds)
