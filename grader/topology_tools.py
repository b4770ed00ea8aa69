"""Which networks may a lab name, and what do they look like?

Reads `topologies/NAME.py` and nothing of the machine: no network is made, and
no root is needed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grader import topology_svg, topology_text
from grader.topology import TOPOLOGIES, NetworkFault, available, load_topology
from grader.topology_graph import graph_of

#: What a picture is drawn with where nobody says how many clients.
USUAL_SIZE = 3


def listing(folder: Path = TOPOLOGIES) -> str:
    """One line for each topology."""
    lines = []
    for name in available(folder):
        try:
            about = _about(load_topology(name, USUAL_SIZE, folder))
        except (NetworkFault, ValueError) as error:
            about = str(error)
        lines.append("%-12s %s\n" % (name, about))
    return "".join(lines)


def text(name: str, size: int, folder: Path = TOPOLOGIES) -> str:
    """What a topology says of itself, and a drawing of letters."""
    topo = load_topology(name, size, folder)
    return "%s\n\n%s" % (_about(topo), topology_text.draw(graph_of(topo)))


def picture(name: str, size: int, folder: Path = TOPOLOGIES) -> str:
    """The same as SVG."""
    topo = load_topology(name, size, folder)
    return topology_svg.draw(graph_of(topo), "%s: %s" % (name, _about(topo)))


def _about(topo: Any) -> str:
    return (type(topo).__doc__ or "").strip().split("\n")[0]
