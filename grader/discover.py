"""Which files of a submission are its server and its clients?

Every source is judged by what it does, then by its name and its place; the
best server and client that belong together are taken. What the submission's
own mngrade.yaml or the command line says wins over all of this.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Dict, List, Mapping, Optional, Sequence, Tuple

from grader import candidates, commands, languages, naming, notebooks, sources, start, tossup
from grader.archive import shown
from grader.candidates import Candidate, RoleHints, Roles, hints_of
from grader.model import Program
from grader.sources import Source

__all__ = ["Discovery", "RoleHints", "described", "find_programs", "hints_of"]


_SOCKETS = re.compile(r"socket|\btcp|\bnet\b|listen|connect", re.IGNORECASE)


@dataclass(frozen=True)
class Discovery:
    """What was found. `build` is a command of the submission's own, for
    `build_folder`.

    A program in C or Java is named as it will be once it is built.
    `alternatives` are other complete sets of programs, as good as this one,
    best first; each can take the place of `programs`. `unavailable` says of
    roles without a program that it may be in a language which is not run here.
    """

    programs: Tuple[Program, ...]
    notes: Tuple[str, ...] = ()
    looked_for: str = ""
    build: Tuple[str, ...] = ()
    build_folder: str = "."
    alternatives: Tuple[Tuple[Program, ...], ...] = ()
    unavailable: Mapping[str, str] = field(default_factory=dict)


def described(programs: Sequence[Program]) -> str:
    """One line for a set of programs: `server a.py, client b.py`."""
    return ", ".join(
        f"{one.role} {shown(one.source or ' '.join(one.argv))}" for one in programs
    )


def find_programs(
    folder: Path,
    roles: RoleHints,
    override_server: Optional[str] = None,
    override_client: Optional[str] = None,
) -> Discovery:
    """Choose the programs of a submission.

    `folder` is a private copy: cells of notebooks may become files in it.
    """
    notes: List[str] = []
    given = commands.read(folder, notes)
    if override_server:
        given = given.override("server", override_server)
    if override_client:
        given = given.override("client", override_client)
    found, seen = sources.scan(folder)
    said = commands.programs(given, found, frozenset(seen), notes)
    open_roles = [
        role
        for role in ("server", "client")
        if not any(one.role.split("-")[0] == role for one in said)
    ]
    found, seen = _with_notebooks(folder, found, seen, open_roles, notes)
    if roles.bonus:
        for one in found:
            one.name = naming.without_bonus(one.name)
    fits = {
        role: candidates.candidates(found, role, roles) if role in open_roles else []
        for role in ("server", "client")
    }
    chosen = _choose(fits["server"], fits["client"], roles)
    files = frozenset(seen)
    programs = (*said, *start.programs(chosen, files))
    notes += [f"{one.role}: {' '.join(one.argv)} ({one.why})" for one in said]
    notes += _explain(chosen, fits["server"] + fits["client"])
    others = () if said else tossup.alternatives(chosen, fits, roles, files)
    if others:
        notes.append("as good by name and content: "
                     + "; ".join(map(described, others)))
    return Discovery(
        tuple(sorted(programs, key=lambda one: _order(one.role))),
        tuple(notes),
        _looked_for(roles, seen),
        commands.split(given.build, notes),
        given.folder,
        others,
        _not_run(folder, seen, programs),
    )


def _not_run(
    folder: Path, seen: Sequence[str], programs: Sequence[Program]
) -> Dict[str, str]:
    """What is told of each role that no program was found for, where there are
    sources that we cannot run: whose fault it is, a person must see."""
    there = {one.role.split("-")[0] for one in programs}
    lacking = [role for role in ("server", "client") if role not in there]
    told = []
    foreign = [one for one in seen if _foreign(one)] if lacking else []
    for name in sources.small(folder, foreign):
        language, path = _foreign(name), folder / name
        if path.stat().st_size > languages.MAX_SOURCE_BYTES:
            continue  # no program that a student wrote
        if _SOCKETS.search(languages.read_source(path)):
            told.append(f"{shown(name)} is {language}")
    if not told:
        return {}
    why = ", ".join(told[:4]) + ": mngrade does not run that language"
    return {role: why for role in lacking}


def _foreign(name: str) -> str:
    """The language of a file that is not run here; "" for any other. A list of
    TypeScript's types is no program."""
    if name.lower().endswith(".d.ts"):
        return ""
    return languages.NOT_RUN.get(Path(name).suffix.lower(), "")


def _order(role: str) -> Tuple[bool, str]:
    return (role != "server", role)


def _with_notebooks(
    folder: Path,
    found: List[Source],
    seen: List[str],
    open_roles: Sequence[str],
    notes: List[str],
) -> Tuple[List[Source], List[str]]:
    """Where a role has no program, one may stand in a notebook."""
    there = {kind for one in found for kind in one.kinds()}
    lacking = [role for role in open_roles if role not in there]
    if not lacking or not any(name.endswith(notebooks.SUFFIX) for name in seen):
        return found, seen
    made = notebooks.unpack(folder, _kind_of, lacking)
    notes += made
    return sources.scan(folder) if made else (found, seen)


def _kind_of(code: str) -> str:
    source = sources.of_text(code, languages.PYTHON)
    if source.server >= 3 and source.client >= 4:
        return "both"
    return "".join(source.kinds())


# ---- choosing ------------------------------------------------------------------


def _choose(
    servers: Sequence[Candidate],
    clients: Sequence[Candidate],
    hints: RoleHints,
) -> List[Tuple[str, Candidate]]:
    """The best server and client together, and the client's other half."""
    if not servers or not clients:
        alone = [("server", one) for one in servers[:1]]
        rest = candidates.partner(clients[0], clients, hints) if clients else []
        return alone + rest
    best = max(
        ((s, c) for s in servers for c in clients),
        key=lambda pair: (
            candidates.joint(*pair),
            -servers.index(pair[0]),
            -clients.index(pair[1]),
        ),
    )
    return [("server", best[0]), *candidates.partner(best[1], clients, hints)]


# ---- results -------------------------------------------------------------------


def _explain(
    chosen: Roles, others: Sequence[Candidate]
) -> List[str]:
    notes = [
        f"{role}: {shown(str(one.source.path))} ({one.why})" for role, one in chosen
    ]
    asks = {
        one.source.path.name
        for role, one in chosen
        if one.source.entry and not any(one.source.entry.values())
    }
    notes += [
        f"{shown(name)} asks whether it is to be the server or the client"
        for name in sorted(asks)
    ]
    taken = {id(one.source) for _, one in chosen}
    passed: Dict[str, str] = {}
    for one in others:
        if id(one.source) not in taken:
            source = one.source
            why = source.decoy or ("UDP" if source.udp_only else source.foreign[1])
            passed[shown(str(source.path))] = f" ({why})" if why else ""
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
