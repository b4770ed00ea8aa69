"""How well does each file of a submission fit each role?

A score for a file in a role, and for two files as a pair: what the code
does first, then names, texts of the assignment, port and place.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, List, Optional, Sequence, Tuple

from grader import naming
from grader.sources import Source

if TYPE_CHECKING:  # a rubric takes time to load, and the tests need none
    from grader.rubric import Rubric

#: More candidates than this are no submission but a collection.
_MAX_CANDIDATES = 40
#: A text of the handout that is this long is not written by chance.
_TELLING_CHARS = 12


@dataclass(frozen=True)
class RoleHints:
    """What a lab tells about its programs; names count, code counts more.

    `words` are texts of the assignment that a right program may hold;
    `topics` are words of its own name and title; `tags` are what a course
    calls it, such as pa3; `labelled` is False in a lab where all clients run
    one program; `bonus` says that more may be done than is asked for.
    """

    server_names: Tuple[str, ...] = ("server", "serv", "srv")
    client_names: Tuple[str, ...] = ("client", "cli", "clnt")
    port: Optional[int] = None
    words: Tuple[str, ...] = ()
    labelled: bool = True
    udp: bool = False
    bonus: bool = False
    topics: Tuple[str, ...] = ()
    tags: Tuple[str, ...] = ()


def hints_of(rubric: "Rubric") -> RoleHints:
    """What a rubric tells about its programs."""
    server, client = rubric.program("server"), rubric.program("client")
    said = [words for text in rubric.texts for words in text.says]
    # What differs from run to run or from client to client is cut out.
    cut = re.compile(r"\{\w+\}|\b[A-Z]\b")
    pieces = [piece for words in said for piece in cut.split(words)]
    telling = {piece.strip(" .:,'\"").lower() for piece in pieces}
    about = " ".join((rubric.lab, rubric.title, rubric.source))
    return RoleHints(
        server.names,
        client.names,
        server.port,
        tuple(sorted(one for one in telling if len(one) >= _TELLING_CHARS)),
        labelled=client.count == 2,
        bonus=any(criterion.bonus for criterion in rubric.criteria),
        topics=naming.words_of(about),
        tags=tuple(re.findall(r"\b[A-Z]{2,}\d+\b", rubric.source)),
    )


@dataclass(frozen=True)
class Candidate:
    """A file in a role."""

    source: Source
    role: str
    score: float
    why: str
    reserve: str = ""  # why it is taken only where nothing else is there

    @property
    def sound(self) -> bool:
        """Would it do as well as another one, by all that is seen?"""
        source = self.source
        plain = not source.decoy and not source.udp_only and not self.reserve
        return plain and not source.foreign[1] and bool(source.server or source.client)


#: Candidates with the roles that they were chosen for.
Roles = Sequence[Tuple[str, Candidate]]


def candidates(
    found: Sequence[Source], role: str, hints: RoleHints
) -> List[Candidate]:
    """The files that may have a role, best first."""
    scored = [_candidate(source, role, hints) for source in found]
    kept = [one for one in scored if one is not None]
    kept.sort(key=lambda one: (-one.score, str(one.source.path)))
    first_class = [one for one in kept if not one.reserve]
    return (first_class or kept)[:_MAX_CANDIDATES]


def _candidate(
    source: Source, role: str, hints: RoleHints
) -> Optional[Candidate]:
    """What speaks for a file in a role; None where it cannot have it."""
    named = named_role(source, hints)
    kinds = source.kinds(named)
    if not source.main or (kinds and role not in kinds):
        return None
    if not kinds and (named != role or source.imported or source.inert):
        return None  # not even its name speaks for it, or it is a part
    if not kinds and source.foreign[0] == "mininet":
        return None  # it starts programs, and is none
    why = [f"its code is that of a {role}"] if kinds else []
    if len(kinds) == 2:
        why = ["one program for both roles"]
    if named == role:
        why.append("its name says so")
    if source.udp_only and not hints.udp:
        why.append("over UDP")
    reserve = "it only defines things" if source.inert else ""
    score = _score(source, role, named, hints, bool(kinds))
    return Candidate(source, role, score, " and ".join(why), reserve)


def _score(
    source: Source, role: str, named: str, hints: RoleHints, by_code: bool
) -> float:
    score = 10.0 if by_code else 2.0
    if not by_code and source.language is not None:
        score -= 0.0 if "socket" in source.code.lower() else 4.0
    score += 4.0 if named == role else -4.0 if named else 0.0
    if source.imported and named != role:
        score -= 8.0
    if source.udp_only and not hints.udp:
        score -= 8.0
    if source.foreign[1] and source.foreign[0] not in hints.topics:
        score -= 4.0
    text = source.text.lower()
    score += min(6.0, sum(1.5 for word in hints.words if word.lower() in text))
    score += 2.0 * (hints.port is not None and str(hints.port) in source.ports)
    score += 1.5 * any(naming.has_tag(source.path, tag) for tag in hints.tags)
    score -= naming.topic_cost(source.path, hints.topics)
    name = source.name
    score += name.latest + 0.3 * min(name.version, 9) - name.penalty
    score -= 0.3 * len(source.path.parts) + 3.0 * source.is_text
    return score - 3.0 * (source.language is None)


def named_role(source: Source, hints: RoleHints) -> str:
    """The role that a file's name speaks for; its folders', if it has none."""
    for part in reversed(source.path.parts):
        stem = part.lower().split(".")[0] if part else ""
        words = naming.words_of(part)
        server = any(_says(name, stem, words) for name in hints.server_names)
        client = any(_says(name, stem, words) for name in hints.client_names)
        if server != client:
            return "server" if server else "client"
        if server and client:
            return ""
    return ""


def _says(name: str, stem: str, words: Sequence[str]) -> bool:
    """Short names must be words: `cli` is in `click`, too."""
    return name.lower() in words or (len(name) > 4 and name.lower() in stem)


# ---- pairs --------------------------------------------------------------------


def joint(server: Candidate, client: Candidate) -> float:
    """How good they are as a pair."""
    return server.score + client.score + affinity(server, client)


def affinity(server: Candidate, client: Candidate) -> float:
    """What says that two files belong together."""
    one, two = server.source, client.source
    steps = _steps(one.path.parent, two.path.parent)
    score = 3.0 if steps == 0 else 1.5 if steps <= 2 else 0.0
    score += 1.0 * (one.language is two.language)
    score += 1.5 * bool(one.ports & two.ports)
    score += 1.0 * (one.name.version == two.name.version)
    return score + 1.0 * (_rest(one) == _rest(two))


def _steps(one: PurePosixPath, two: PurePosixPath) -> int:
    relative = os.path.relpath(str(one), str(two))
    return 0 if relative == "." else len(relative.split("/"))


def _rest(source: Source) -> Tuple[str, ...]:
    return naming.without_role(source.path.name)


def partner(
    client: Candidate, clients: Sequence[Candidate], hints: RoleHints
) -> List[Tuple[str, Candidate]]:
    """One client, or the two that are labelled X and Y."""
    label = client.source.label
    other = {"x": "y", "y": "x", "": "y"}[label]
    partners = [
        one for one in clients
        if one.source is not client.source and one.source.label == other
        and one.source.decoy == client.source.decoy
        and one.source.udp_only == client.source.udp_only
        and one.source.language is client.source.language
        and one.score > client.score - 5.0
        and _near(one.source, client.source)
    ]
    if not partners or not hints.labelled:
        return [("client", client)]
    pair = [(label or "x", client), (other, partners[0])]
    return [(f"client-{name}", one) for name, one in sorted(pair, key=lambda p: p[0])]


def _near(one: Source, two: Source) -> bool:
    """In one folder, or in two beside each other (xClient, yClient)."""
    if one.path.parent == two.path.parent:
        return True
    return bool(
        one.path.parent.parent == two.path.parent.parent
        and naming.words_of(one.path.parent.name)
        and one.label and two.label
    )
