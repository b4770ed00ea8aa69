"""Which command line arguments does a program want?

Some hand-ins take host, port or a name from the command line and end at once
without them. What they print then usually says what they want; where it does
not, the usual orders are tried. The kinds are those of grader.prompts; what
begins with LITERAL is a word that is to be given as it is.
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
#: Before a word of the command line that is no answer: `--host`, `server`.
LITERAL = "="
_KINDS = (
    (PORT, re.compile(r"port")),
    (HOST, re.compile(r"host|ip\b|addr|server")),
    (NAME, re.compile(r"name|user|id\b|label|letter|client")),
    (OTHER, re.compile(r"message|msg|text|word|number|int|value")),
)
#: A choice between the roles: `server|client`, `[s/c]`, `{client,server}`.
_SERVES, _CALLS = r"-{0,2}s(?:erver|rv)?", r"-{0,2}c(?:lient|li)?"
_WAYS = re.compile(
    r"[\[{<(]?(?<![\w.])(%s|%s)\s*(?:[|/,]|\bor\b)\s*(%s|%s)(?![\w.])[\]}>)]?"
    % (_SERVES, _CALLS, _SERVES, _CALLS)
)
_ROLE = "role"
_SAYS_ROLE = re.compile(r"-{0,2}(?:role|mode|type|command|action)$")
_OPTIONAL = re.compile(r"\[\s*-[^\]]*\]")
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


def guesses(said: str, role: str, one_for_both: bool = False) -> List[Tuple[str, ...]]:
    """The kinds of arguments to try, the likeliest first.

    `one_for_both`: the same program is server and client, so that one word
    is likely to say which.
    """
    told = _told(text.plain(text.shown(said)), role)
    usual: Sequence[Tuple[str, ...]] = _USUAL.get(role, _USUAL["client"])
    found = [told] if told else []
    if one_for_both:
        found += [(LITERAL + word,) for word in (role, "-" + role[0])]
    return found + [kinds for kinds in usual if kinds != told]


def _told(words: str, role: str) -> Tuple[str, ...]:
    """What a usage line or argparse names, in its order."""
    required = _REQUIRED.search(words)
    usage = _USAGE.search(words)
    line = required.group(1) if required else usage.group(1) if usage else ""
    line = _OPTIONAL.sub(" ", line)
    ways = _WAYS.search(words)
    kinds: List[str] = []
    option = ""
    tokens = re.split(r"\s+", _WAYS.sub(" %s " % _ROLE, line).replace(", ", " "))
    while tokens and _PROGRAM.match(tokens[0]):
        tokens.pop(0)
    for token in tokens:
        word = token.strip("<>[](){}.:;,")
        if ways and (word == _ROLE or _SAYS_ROLE.match(word)):
            option = option or LITERAL + word if word.startswith("-") else option
            kinds += [option] * bool(option) + [LITERAL + _own(ways, role)]
            option = ""
        elif word.startswith("-"):
            kind = _kind(word)
            option = LITERAL + word
            if required and kind:  # argparse names its options alone
                kinds += [option, kind]
                option = ""
        elif _kind(word):
            kinds += [option] * bool(option) + [_kind(word)]
            option = ""
    return tuple(kinds)


def _kind(word: str) -> str:
    for kind, pattern in _KINDS:
        if pattern.search(word):
            return kind
    return ""


def _own(ways: "re.Match[str]", role: str) -> str:
    """The way that is meant for a role: of `server|client` the one."""
    first, second = ways.groups()
    return str(first if first.lstrip("-")[0] == role[0] else second)
