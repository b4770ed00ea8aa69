"""How does a topology look in a picture?

Switches and routers stand in a line that begins at the server; what hangs
from the last of a line stands right of it, from another below it. The
picture is a file of its own, and follows its reader's dark or light mode.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape
from typing import Dict, List, Tuple

from grader.topology_graph import Graph, Kind, Link, Node

EDGE = 16  # around everything
WIDE = {Kind.HOST: 104, Kind.SWITCH: 52, Kind.ROUTER: 104}
TALL = {Kind.HOST: 42, Kind.SWITCH: 34, Kind.ROUTER: 58}
GAP = 44  # from column to column, where the link has nothing to say
ROW = 58
LETTER = 6.6  # of a condition; the widest usual font

_STYLE = """
svg { color-scheme: light dark; font-family: system-ui, sans-serif; }
.link { stroke: #8b95a1; stroke-width: 2; fill: none; }
.slow { stroke: #c2670a; stroke-dasharray: 7 4; }
.host, .switch, .router { stroke-width: 1.5; }
.host { fill: #eef4fb; stroke: #4a7fb5; }
.server { fill: #dcebfa; stroke: #1f5f9f; stroke-width: 2.5; }
.switch { fill: #edf1f0; stroke: #61706b; }
.router { fill: #fbf3e4; stroke: #b07a1e; }
text { text-anchor: middle; fill: #1c2530; }
.name { font-size: 14px; font-weight: 600; }
.address { font-size: 11px; fill: #55606d; font-family: ui-monospace, monospace; }
.condition { font-size: 11.5px; fill: #a3540a; }
@media (prefers-color-scheme: dark) {
  .link { stroke: #76818d; }
  .slow { stroke: #f0a04b; }
  .host { fill: #18283a; stroke: #5b93cc; }
  .server { fill: #1d3a58; stroke: #7fb6ee; }
  .switch { fill: #252d2b; stroke: #8b9b95; }
  .router { fill: #362a14; stroke: #d9a24a; }
  text { fill: #e6ebf1; }
  .address { fill: #a9b4c0; }
  .condition { fill: #f0a04b; }
}
"""


@dataclass
class _Place:
    """A node of the line: a column and a row, both of their own size."""

    node: Node
    column: int
    row: float = 0.0
    next: List["_Place"] = field(default_factory=list)
    beside: List[Node] = field(default_factory=list)  # hosts at the end
    below: List[Node] = field(default_factory=list)  # hosts of the middle
    before: List[Node] = field(default_factory=list)  # the server, mostly


def draw(graph: Graph, title: str) -> str:
    """Draw it as SVG."""
    picture = _Picture(graph)
    picture.arrange()
    return picture.svg(title)


class _Picture:
    """Finds a point for the middle of each node."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._at: Dict[str, Tuple[float, float]] = {}
        self._columns: List[List[_Place]] = []
        self._starts: List[_Place] = []

    def arrange(self) -> None:
        todo, height = list(self._graph.nodes), 0.0
        seen: Dict[str, None] = {}
        for node in todo:
            if node.name in seen:
                continue
            start = self._line(self._head(node), 0, seen)
            self._starts.append(start)
            if node is not start.node and self._is_leaf(node):
                for side in (start.beside, start.below):
                    if node in side:
                        side.remove(node)
                start.before.append(node)
            height += self._rows(start, height)
        self._across()

    def _is_leaf(self, node: Node) -> bool:
        return len(self._graph.neighbours(node.name)) < 2

    def _head(self, node: Node) -> Node:
        near = self._graph.neighbours(node.name)
        if len(near) == 1 and not self._is_leaf(self._graph.node(near[0])):
            return self._graph.node(near[0])
        return node

    def _line(self, node: Node, column: int, seen: Dict[str, None]) -> _Place:
        """Follow the links from a node to all that no other line has."""
        place = _Place(node, column)
        seen[node.name] = None
        if len(self._columns) <= column:
            self._columns.append([])
        self._columns[column].append(place)
        leaves: List[Node] = []
        for name in self._graph.neighbours(node.name):
            other = self._graph.node(name)
            if name in seen:
                continue
            if self._is_leaf(other):
                seen[name] = None
                leaves.append(other)
            else:
                place.next.append(self._line(other, column + 1, seen))
        (place.below if place.next else place.beside).extend(leaves)
        return place

    def _rows(self, place: _Place, top: float) -> float:
        """Give a part of the line its rows; how many it takes."""
        if not place.next:
            tall = float(max(1, len(place.beside), len(place.before)))
            place.row = top + (tall - 1) / 2
            return tall
        tall = 0.0
        for part in place.next:
            tall += self._rows(part, top + tall)
        place.row = (place.next[0].row + place.next[-1].row) / 2
        under = 1.5 if place.below else 0.5
        return max(tall, place.row - top + under + 0.5 * (under < 1))

    def _across(self) -> None:
        """From the columns' widths to the middles of all nodes."""
        left: float = EDGE
        if any(start.before for start in self._starts):
            left += WIDE[Kind.HOST] + GAP
        for column in self._columns:
            wide = max(self._width(place) for place in column)
            gap = max(self._gap(place) for place in column)
            for place in column:
                self._put(place, left, wide)
            left += wide + gap

    def _width(self, place: _Place) -> float:
        hosts = len(place.below)
        below = hosts * WIDE[Kind.HOST] + max(0, hosts - 1) * 12
        return max(WIDE[place.node.kind], below)

    def _gap(self, place: _Place) -> float:
        """Room for what a link to the next column has to say."""
        name = place.node.name
        after = {node.name for node in place.beside}
        after |= {part.node.name for part in place.next}
        told = [
            len(link.conditions) * LETTER + 28
            for link in self._graph.links
            if {link.a, link.b} - {name} <= after and name in (link.a, link.b)
        ]
        # Boxes below one another's neighbours need no more than a gap.
        return max([GAP] + told)

    def _put(self, place: _Place, left: float, wide: float) -> None:
        middle, y = left + wide / 2, EDGE + TALL[Kind.ROUTER] / 2 + place.row * ROW
        self._at[place.node.name] = (middle, y)
        host = WIDE[Kind.HOST]
        for side, x in (
            (place.before, EDGE + host / 2),
            (place.beside, left + wide + self._gap(place) + host / 2),
        ):
            for at, node in enumerate(side):
                row = place.row + at - (len(side) - 1) / 2
                self._at[node.name] = (x, y + (row - place.row) * ROW)
        begin = middle - (len(place.below) - 1) * (host + 12) / 2
        for at, node in enumerate(place.below):
            self._at[node.name] = (begin + at * (host + 12), y + ROW + 12)

    # What is drawn.

    def svg(self, title: str) -> str:
        nodes = self._graph.nodes
        right = max(self._at[n.name][0] + WIDE[n.kind] / 2 for n in nodes)
        low = max(self._at[n.name][1] + TALL[n.kind] / 2 for n in nodes)
        high = min(self._at[n.name][1] - TALL[n.kind] / 2 for n in nodes)
        size = (_n(right + EDGE), _n(low - high + 2 * EDGE))
        lines = [
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="%s"'
            ' height="%s" viewBox="0 %s %s %s">'
            % (*size, _n(high - EDGE), *size),
            "<title>%s</title>" % escape(title),
            "<style>%s</style>" % _STYLE,
        ]
        for link in self._graph.links:
            lines += self._link(link)
        for node in nodes:
            lines += self._node(node)
        return "\n".join(lines + ["</svg>"]) + "\n"

    def _link(self, link: Link) -> List[str]:
        (x1, y1), (x2, y2) = self._at[link.a], self._at[link.b]
        across = 1 if x1 < x2 else -1 if x1 > x2 else 0
        x1 += across * WIDE[self._graph.node(link.a).kind] / 2
        x2 -= across * WIDE[self._graph.node(link.b).kind] / 2
        kind = "link slow" if link.conditions else "link"
        drawn = ['<path class="%s" d="%s"/>' % (kind, _path(x1, y1, x2, y2))]
        if link.conditions:
            where = _n((x1 + x2) / 2), _n((y1 + y2) / 2 - 8)
            drawn.append(_text(where, "condition", link.conditions))
        return drawn

    def _node(self, node: Node) -> List[str]:
        x, y = self._at[node.name]
        wide, tall = WIDE[node.kind], TALL[node.kind]
        kind = node.kind.value
        if node is self._graph.nodes[0] and node.kind is Kind.HOST:
            kind += " server"
        drawn = [
            '<rect class="%s" x="%s" y="%s" width="%d" height="%d" rx="%d"/>'
            % (kind, _n(x - wide / 2), _n(y - tall / 2), wide, tall,
               4 if node.kind is Kind.SWITCH else 9)
        ]  # fmt: skip
        first = y + 5 - 8 * len(node.addresses)
        drawn.append(_text((_n(x), _n(first)), "name", node.name))
        for at, address in enumerate(node.addresses, 1):
            where = _n(x), _n(first + 1 + 15 * at)
            drawn.append(_text(where, "address", address))
        return drawn


def _path(x1: float, y1: float, x2: float, y2: float) -> str:
    """A straight line, or a soft step where the rows differ."""
    if x1 == x2 or y1 == y2:
        return "M%s %sL%s %s" % (_n(x1), _n(y1), _n(x2), _n(y2))
    half = (x1 + x2) / 2
    return "M%s %sC%s %s %s %s %s %s" % (
        _n(x1), _n(y1), _n(half), _n(y1), _n(half), _n(y2), _n(x2), _n(y2),
    )  # fmt: skip


def _text(where: Tuple[str, str], kind: str, text: str) -> str:
    return '<text class="%s" x="%s" y="%s">%s</text>' % (kind, *where, escape(text))


def _n(value: float) -> str:
    return "%g" % round(value, 1)
