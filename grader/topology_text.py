"""How does a topology look in a terminal?

As a tree that begins at the server. A link that closes a circle ends at the
name of a node that stands elsewhere.
"""

from __future__ import annotations

from typing import List, Optional, Set, Tuple

from grader.topology_graph import Graph, Kind, Link, Node

_WHAT = {Kind.SWITCH: "switch", Kind.ROUTER: "router"}


def draw(graph: Graph) -> str:
    """Draw it in ASCII, one node a line."""
    tree = _Tree(graph)
    for node in graph.nodes:  # the server is the first
        if node.name not in tree.seen:
            tree.grow(node, None, "", "")
    width = max((len(left) for left, _right in tree.rows), default=0)
    return "".join(
        ("%-*s  %s" % (width, left, right)).rstrip() + "\n"
        for left, right in tree.rows
    )


class _Tree:
    """Lines that are being added, and what is in them already."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._links: List[Link] = list(graph.links)  # not drawn yet
        self.rows: List[Tuple[str, str]] = []
        self.seen: Set[str] = set()

    def grow(self, node: Node, by: Optional[Link], here: str, below: str) -> None:
        """Add a node, and all that hangs from it."""
        self.seen.add(node.name)
        self.rows.append((here + node.name, _about(node, by)))
        link = self._next(node)
        while link is not None:
            other = link.b if link.a == node.name else link.a
            if other in self.seen:
                self.rows.append((below + "`-- (%s)" % other, _over(link)))
                link = self._next(node)
                continue
            place = len(self.rows)
            self.grow(self._graph.node(other), link, below + "|-- ", below + "|   ")
            link = self._next(node)
            if link is None:
                self._end(place, len(below))

    def _next(self, node: Node) -> Optional[Link]:
        for place, link in enumerate(self._links):
            if node.name in (link.a, link.b):
                return self._links.pop(place)
        return None

    def _end(self, place: int, column: int) -> None:
        """Nothing follows the node in this line: its branch is the last."""
        for at, (left, right) in enumerate(self.rows[place:], place):
            mark = "`" if at == place else " "
            self.rows[at] = (left[:column] + mark + left[column + 1 :], right)


def _about(node: Node, by: Optional[Link]) -> str:
    told = [_WHAT[node.kind]] if node.kind in _WHAT else []
    told += [", ".join(node.addresses)] if node.addresses else []
    told += [node.route] if node.route else []
    told += [_over(by)] if by and by.conditions else []
    return "  ".join(told)


def _over(link: Link) -> str:
    return "over a link of %s" % link.conditions if link.conditions else ""
