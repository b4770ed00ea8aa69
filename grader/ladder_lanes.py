"""Which programs does a ladder show, and whose capture?

A lane is a program, or an address that belongs to none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Sequence

from grader.model import Event, ScenarioRecord


@dataclass(frozen=True)
class Lane:
    """One program, or an address that belongs to none."""

    program: str
    title: str
    host: str = ""
    role: str = ""  # "server", "client", "peer": one of ours in its place


def view_of(packets: Sequence[Event], lanes: Sequence[Lane]) -> str:
    """Return the host whose capture is drawn: the server's, if there is one."""
    hosts = [str(one.get("host", "")) for one in packets]
    for lane in lanes:
        if lane.program.startswith("server") and lane.host in hosts:
            return lane.host
    return hosts[0] if hosts else ""


def lanes_of(record: ScenarioRecord) -> List[Lane]:
    """Return the lanes: the server between two clients, else at the left."""
    servers: List[Lane] = []
    clients: List[Lane] = []
    for program, about in record.facts.get("programs", {}).items():
        lane = Lane(
            str(program),
            str(about.get("label") or program),
            str(about.get("host", "")),
            "peer" if about.get("peer") else str(about.get("role", "")),
        )
        side = servers if lane.program.startswith("server") else clients
        side.append(lane)
    if len(clients) == 2:
        return clients[:1] + servers + clients[1:]
    return servers + clients
