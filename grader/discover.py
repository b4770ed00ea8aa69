"""Which files of a submission are its server and its clients?

Every source is judged by what it does, then by its name and its place; the
best server and client that belong together are taken. What the submission's
own mngrade.yaml or the command line says wins over all of this.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Dict, List, Optional, Sequence, Tuple

from grader import commands, languages, sources
from grader.archive import shown
from grader.model import Program
from grader.sources import Source

#: More candidates than this are no submission but a collection.
_MAX_CANDIDATES = 40
#: A second pair this close to the best is as good as the best.
_AS_GOOD = 4.0


@dataclass(frozen=True)
class RoleHints:
    """What a lab tells about its programs; names count, code counts more.

    `words` are texts of the assignment that a right program may hold;
    `labelled` is False in a lab where all clients run one program.
    """

    server_names: Tuple[str, ...] = ("server", "serv", "srv")
    client_names: Tuple[str, ...] = ("client", "cli", "clnt")
    port: Optional[int] = None
    words: Tuple[str, ...] = ()
    labelled: bool = True
    udp: bool = False


@dataclass(frozen=True)
class Discovery:
    """What was found. `build` is a command of the submission's own, for
    `build_folder`.

    A program in C or Java is named as it will be once it is built.
    `alternatives` are other complete sets of programs, as good as this one.
    """

    programs: Tuple[Program, ...]
    notes: Tuple[str, ...] = ()
    looked_for: str = ""
    build: Tuple[str, ...] = ()
    build_folder: str = "."
    alternatives: Tuple[Tuple[Program, ...], ...] = ()


@dataclass(frozen=True)
class _Candidate:
    source: Source
    score: float
    why: str


def find_programs(
    folder: Path,
    roles: RoleHints,
    override_server: Optional[str] = None,
    override_client: Optional[str] = None,
) -> Discovery:
    """Choose the programs of a submission."""
    found, seen = sources.scan(folder)
    notes: List[str] = []
    given = commands.read(folder, notes)
    if override_server:
        given = given.override("server", override_server)
    if override_client:
        given = given.override("client", override_client)
    said = commands.programs(given, found, notes)
    servers = _candidates(found, "server", roles)
    clients = _candidates(found, "client", roles)
    if any(one.role == "server" for one in said):
        servers = []
    if any(one.role.startswith("client") for one in said):
        clients = []
    chosen = _choose(servers, clients, roles)
    programs = (*said, *(_program(role, one) for role, one in chosen))
    notes += [f"{one.role}: {' '.join(one.argv)} ({one.why})" for one in said]
    notes += _explain(chosen, servers + clients)
    return Discovery(
        tuple(sorted(programs, key=lambda one: _order(one.role))),
        tuple(notes),
        _looked_for(roles, seen),
        commands.split(given.build, notes),
        given.folder,
        () if said else _alternatives(chosen, servers, clients, roles),
    )


def _order(role: str) -> Tuple[bool, str]:
    return (role != "server", role)


# ---- scores ------------------------------------------------------------------


def _candidates(
    found: Sequence[Source], role: str, hints: RoleHints
) -> List[_Candidate]:
    scored = [_score(source, role, hints) for source in found]
    kept = [one for one in scored if one is not None]
    kept.sort(key=lambda one: (-one.score, str(one.source.path)))
    return kept[:_MAX_CANDIDATES]


def _score(
    source: Source, role: str, hints: RoleHints
) -> Optional[_Candidate]:
    """What speaks for a file in a role; None where it cannot have it."""
    named = _named(source, hints)
    if not source.main or source.kind not in (role, ""):
        return None
    if source.kind == "" and named != role:
        return None
    why = [f"its code is that of a {role}"] if source.kind else []
    score = 10.0 if source.kind else 2.0
    if source.kind == "" and source.language is not None:
        score -= 0.0 if "socket" in source.code.lower() else 4.0
    if named == role:
        score += 4.0
        why.append("its name says so")
    elif named:
        score -= 4.0
    if source.imported and named != role:
        score -= 8.0
    if source.udp_only and not hints.udp:
        score -= 8.0
        why.append("over UDP")
    text = source.text.lower()
    score += min(6.0, sum(1.5 for word in hints.words if word.lower() in text))
    score += 2.0 * (hints.port is not None and str(hints.port) in source.ports)
    score += source.latest + 0.3 * min(source.version, 9) - source.penalty
    score -= 0.3 * len(source.path.parts) + 3.0 * (source.language is None)
    return _Candidate(source, score, " and ".join(why))


def _named(source: Source, hints: RoleHints) -> str:
    """The role that a file's name speaks for; its folders', if it has none."""
    for part in reversed(source.path.parts):
        stem = part.lower().split(".")[0] if part else ""
        words = sources.words_of(part)
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


# ---- choosing ------------------------------------------------------------------


def _choose(
    servers: Sequence[_Candidate],
    clients: Sequence[_Candidate],
    hints: RoleHints,
) -> List[Tuple[str, _Candidate]]:
    """The best server and client together, and the client's other half."""
    if not servers or not clients:
        alone = [("server", one) for one in servers[:1]]
        return alone + _with_partner(clients[0], clients, hints) if clients else alone
    best = max(
        ((s, c) for s in servers for c in clients),
        key=lambda pair: (_joint(*pair), [-i for i in _rank(pair, servers, clients)]),
    )
    return [("server", best[0]), *_with_partner(best[1], clients, hints)]


def _rank(
    pair: Tuple[_Candidate, _Candidate],
    servers: Sequence[_Candidate],
    clients: Sequence[_Candidate],
) -> List[int]:
    return [servers.index(pair[0]), clients.index(pair[1])]


def _joint(server: _Candidate, client: _Candidate) -> float:
    """Two scores, and what says that the files belong together."""
    one, two = server.source, client.source
    score = server.score + client.score
    if one.path == two.path:
        return score - 20.0
    steps = _steps(one.path.parent, two.path.parent)
    score += 3.0 if steps == 0 else 1.5 if steps <= 2 else 0.0
    score += 1.0 * (one.language is two.language)
    score += 1.5 * bool(one.ports & two.ports)
    score += 1.0 * (one.version == two.version)
    return score + 1.0 * (_rest(one) == _rest(two))


def _steps(one: PurePosixPath, two: PurePosixPath) -> int:
    relative = os.path.relpath(str(one), str(two))
    return 0 if relative == "." else len(relative.split("/"))


def _rest(source: Source) -> Tuple[str, ...]:
    """A name's words without those of a role: `PA3_Server_Team8`."""
    words = sources.words_of(source.path.name)
    return tuple(w for w in words if "server" not in w and "client" not in w)


def _with_partner(
    client: _Candidate, clients: Sequence[_Candidate], hints: RoleHints
) -> List[Tuple[str, _Candidate]]:
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
        and sources.words_of(one.path.parent.name)
        and one.label and two.label
    )


def _alternatives(
    chosen: Sequence[Tuple[str, _Candidate]],
    servers: Sequence[_Candidate],
    clients: Sequence[_Candidate],
    hints: RoleHints,
) -> Tuple[Tuple[Program, ...], ...]:
    """Another complete pair that is as good, in other files."""
    taken = {id(one.source) for _, one in chosen}
    by_role = dict(chosen)
    first = next((one for role, one in chosen if role != "server"), None)
    if "server" not in by_role or first is None:
        return ()
    bound = _joint(by_role["server"], first) - _AS_GOOD
    rest = [one for one in servers if id(one.source) not in taken and _sound(one)]
    others = [one for one in clients if id(one.source) not in taken and _sound(one)]
    second = _choose(rest, others, hints) if rest and others else []
    if not second or _joint(second[0][1], second[1][1]) < bound:
        return ()
    return (tuple(_program(role, one) for role, one in second),)


def _sound(one: _Candidate) -> bool:
    source = one.source
    return bool(source.kind and not source.decoy and not source.udp_only)


# ---- results -------------------------------------------------------------------


def _program(role: str, one: _Candidate) -> Program:
    """A program as it is started from its own folder."""
    source = one.source
    cwd, name = str(source.path.parent), source.path.name
    if source.language is None:
        return Program(role, ("./" + name,), cwd, "", "", one.why)
    if source.language is languages.JAVA:
        argv = languages.java_argv(source.path.stem)
    elif source.language in (languages.C, languages.CPP):
        argv = ("./" + source.path.stem,)
    else:
        argv = languages.run_argv(source.language, name)
    return Program(
        role, argv, cwd, str(source.path), source.language.name, one.why
    )


def _explain(
    chosen: Sequence[Tuple[str, _Candidate]], candidates: Sequence[_Candidate]
) -> List[str]:
    notes = [
        f"{role}: {shown(str(one.source.path))} ({one.why})" for role, one in chosen
    ]
    taken = {id(one.source) for _, one in chosen}
    passed: Dict[str, str] = {}
    for one in candidates:
        if id(one.source) not in taken:
            why = f" ({one.source.decoy})" if one.source.decoy else ""
            why = why or (" (UDP)" if one.source.udp_only else "")
            passed[shown(str(one.source.path))] = why
    if passed:
        names = [name + why for name, why in sorted(passed.items())]
        more = f" and {len(names) - 8} more" if len(names) > 8 else ""
        notes.append("not chosen: " + ", ".join(names[:8]) + more)
    return notes


def _looked_for(hints: RoleHints, seen: Sequence[str]) -> str:
    kinds = " ".join(s for one in languages.LANGUAGES for s in one.suffixes[:1])
    names = ", ".join(shown(name) for name in seen[:12]) or "no files at all"
    more = f" and {len(seen) - 12} more" if len(seen) > 12 else ""
    return (
        f"a server (a program that listens and accepts, or is called"
        f" {' or '.join(hints.server_names)}) and a client (one that connects,"
        f" or is called {' or '.join(hints.client_names)}) in files"
        f" {kinds}; seen: {names}{more}"
    )
