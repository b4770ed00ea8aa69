"""Which other programs of a submission would do as well as those chosen?

Two complete pairs in folders of their own, two clients of which either fits:
where neither code nor name tells, only running them does. What a name holds
to be old, a copy or another assignment's is no such case.
"""

from __future__ import annotations

from typing import AbstractSet, Dict, List, Sequence, Tuple

from grader import candidates, start
from grader.candidates import Candidate, RoleHints, Roles
from grader.model import Program
from grader.sources import Source

#: A second pair this close to the best is as good as the best.
_AS_GOOD = 4.0
#: Each further set costs as much time as the first.
_MOST_OTHERS = 3
#: Of more files than this in a role, the best are compared.
_MOST_COMPARED = 8


def alternatives(
    chosen: Roles,
    fits: Dict[str, List[Candidate]],
    hints: RoleHints,
    files: AbstractSet[str],
) -> Tuple[Tuple[Program, ...], ...]:
    """Other complete sets that are as good: of other files throughout first,
    then those that share one side with the choice."""
    by_role = dict(chosen)
    first = next((one for role, one in chosen if role != "server"), None)
    if "server" not in by_role or first is None:
        return _alone(chosen, fits, hints, files)
    bound = candidates.joint(by_role["server"], first) - _AS_GOOD
    taken = {id(one.source) for _, one in chosen}
    servers = _comparable(fits["server"], by_role["server"], hints)
    clients = _comparable(fits["client"], first, hints)
    pairs = [
        (s, c)
        for s in servers
        for c in clients
        if candidates.joint(s, c) >= bound
        and (id(s.source) not in taken or id(c.source) not in taken)
        and _belong(s, c, fits)
    ]
    pairs.sort(
        key=lambda pair: (
            sum(id(one.source) in taken for one in pair),
            -candidates.joint(*pair),
        )
    )
    sets: List[Roles] = []
    for server, client in pairs:
        sets.append(
            [("server", server), *candidates.partner(client, clients, hints)]
        )
    if hints.labelled and len(chosen) == 2:
        apart = sum(not _shares(one, taken) for one in sets)
        sets[apart:apart] = _two_clients(by_role["server"], clients)
    found = dict.fromkeys(start.programs(roles, files) for roles in sets)
    return tuple(found)[:_MOST_OTHERS]


def _alone(
    chosen: Roles,
    fits: Dict[str, List[Candidate]],
    hints: RoleHints,
    files: AbstractSet[str],
) -> Tuple[Tuple[Program, ...], ...]:
    """The same, where there is a server only, or a client only."""
    if len(chosen) != 1:
        return ()
    role, one = chosen[0]
    others = _comparable(fits[role], one, hints)[1:]
    close = [other for other in others if other.score >= one.score - _AS_GOOD / 2]
    return tuple(start.programs([(role, other)], files) for other in close[:_MOST_OTHERS])


def _shares(roles: Roles, taken: AbstractSet[int]) -> bool:
    return any(id(one.source) in taken for _, one in roles)


def _two_clients(
    server: Candidate, clients: Sequence[Candidate]
) -> List[Roles]:
    """Two clients without a label may be meant for one host each: such as
    alice.py and bob.py."""
    if len(clients) != 2 or clients[0].source is server.source:
        return []
    one, two = (client.source for client in clients)
    if one.path.parent != two.path.parent or one.language is not two.language:
        return []
    close = abs(clients[0].score - clients[1].score) <= 1.0
    if one.label or two.label or not close:
        return []
    pair = sorted(clients, key=lambda client: str(client.source.path))
    return [[("server", server), ("client-x", pair[0]), ("client-y", pair[1])]]


def _comparable(
    ones: Sequence[Candidate], chosen: Candidate, hints: RoleHints
) -> List[Candidate]:
    """The chosen one, and those that nothing tells from it but chance."""
    known = {chosen.source.code}
    found = [chosen]
    for one in ones:
        if one.sound and not _lesser(one.source, chosen.source, hints):
            if one.source.code not in known and chosen.sound:
                known.add(one.source.code)
                found.append(one)
    return found[:_MOST_COMPARED]


def _lesser(one: Source, chosen: Source, hints: RoleHints) -> bool:
    """Does its name say that the chosen one is to be taken?"""
    mine, best = one.name, chosen.name
    if mine.latest < best.latest or mine.version < best.version:
        return True
    # Copies of one client: clientX and clientY, client1 and client2.
    return bool(mine.label and best.label and mine.label != best.label)


def _belong(
    server: Candidate, client: Candidate, fits: Dict[str, List[Candidate]]
) -> bool:
    """Two files of one folder and language, or each other's nearest."""
    one, two = server.source, client.source
    if one.path.parent == two.path.parent and one.language is two.language:
        return True
    near = candidates.affinity(server, client)
    return all(near >= candidates.affinity(server, c) for c in fits["client"]) and all(
        near >= candidates.affinity(s, client) for s in fits["server"]
    )
