"""What does the name of a file say about what is in it?

Old, a copy, a test, version 3, client X: words in names of files and of their
folders. A name never decides alone; what the code does counts for more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Dict, Sequence, Tuple

#: Words in names that make a file a decoy, and how much each is held
#: against it.
DECOYS: Dict[str, float] = {
    **dict.fromkeys(
        "old older backup bak copy copies prototype proto archive archived"
        " deprecated draft unused orig original attempt wip scratch previous"
        " prev".split(),
        6.0,
    ),
    **dict.fromkeys(
        "test tests testing example examples sample samples demo starter"
        " template skeleton pinger ping udp extra bonus ec".split(),
        4.0,
    ),
}
#: What another assignment may be about. Little is held against such a name:
#: it is no decoy, but gives way to one that is as good.
TOPICS = frozenset(
    "chat web http proxy mail smtp pop imap ftp tftp dns icmp traceroute rdt"
    " gbn tls ssl tcpdump game hangman trivia tictactoe calculator calc quiz"
    " weather bank auction".split()
)
_TOPIC_COSTS = 2.0
_LATEST = {"final": 3.0, "new": 1.0, "latest": 2.0, "fixed": 1.0, "updated": 1.0}
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_VERSION = re.compile(r"(?:^|[_\W]|(?<=[a-z]))[vV](?:er(?:sion)?)?[_.-]?(\d+)")
#: A browser's second download: `client (1).py`.
_AGAIN = re.compile(r"\s*\(\d+\)$")
_LABEL = re.compile(
    r"(?:client|clnt|cli)[\W_]*(x|y|a|b|1|2|one|two|first|second)(?![a-z0-9])"
    r"|(?<![a-z0-9])(x|y|a|b|1|2|one|two|first|second)[\W_]*(?:client|clnt)"
)
_SAME_LABEL = {"a": "x", "1": "x", "one": "x", "first": "x",
               "b": "y", "2": "y", "two": "y", "second": "y"}


@dataclass(frozen=True)
class Name:
    """What was read from a path."""

    penalty: float = 0.0
    decoy: str = ""  # the word that made it one
    latest: float = 0.0  # "final", "new"
    version: int = 0
    label: str = ""  # "x", "y" or ""


def words_of(name: str) -> Tuple[str, ...]:
    """Words of a file's name: `PA3_serverTeam8` is pa, 3, server, team, 8."""
    return tuple(word.lower() for word in _WORD.findall(name))


def judge(path: PurePosixPath) -> Name:
    """Read a path; the words of the folders count as the file's do."""
    stem = path.name.split(".")[0]
    words = [word for part in (stem, *path.parts[:-1]) for word in words_of(part)]
    penalty, decoy = 0.0, ""
    for word in words:
        if DECOYS.get(word, 0.0) > penalty:
            penalty, decoy = DECOYS[word], word
    if _AGAIN.search(stem) and not penalty:
        penalty, decoy = DECOYS["copy"], "downloaded again"
    versions = [int(n[:6]) for n in _VERSION.findall(str(path.with_suffix("")))]
    stem = _AGAIN.sub("", stem)
    return Name(
        penalty,
        decoy,
        max((_LATEST.get(word, 0.0) for word in words), default=0.0),
        versions[-1] if versions else 0,
        label(stem) or label(path.parent.name),
    )


def without_bonus(name: Name) -> Name:
    """For a lab that has a bonus: what is done for it is no decoy there."""
    if name.decoy in ("extra", "bonus", "ec"):
        return replace(name, penalty=0.0, decoy="")
    return name


def label(name: str) -> str:
    """Which of two clients it is: "x", "y", or "" where it does not say."""
    match = _LABEL.search(name.lower())
    match = match or _LABEL.search("_".join(words_of(name)))
    if match is None:
        return ""
    found = match.group(1) or match.group(2)
    return _SAME_LABEL.get(found, found)


def topic_cost(path: PurePosixPath, topics: Sequence[str]) -> float:
    """What a name that speaks of another assignment costs; `topics` are the
    words of this one."""
    words = {word for part in path.parts for word in words_of(part)}
    return _TOPIC_COSTS if (words & TOPICS) - set(topics) else 0.0


def without_role(name: str) -> Tuple[str, ...]:
    """A name's words without those of a role: `PA3_Server_Team8`."""
    return tuple(
        word
        for word in words_of(name)
        if "server" not in word and "client" not in word
    )


def has_tag(path: PurePosixPath, tag: str) -> bool:
    """Does a path name an assignment, such as `pa3`: `PA_3`, `Team8 PA3`?"""
    wanted = words_of(tag.lower())
    words = [word for part in path.parts for word in words_of(part)]
    size = len(wanted)
    return bool(wanted) and any(
        tuple(words[at : at + size]) == wanted for at in range(len(words))
    )
