"""What is a drawn ladder made of, and where may a page end?

A picture is cut into parts between two rows, so that a printer can turn the
page there. A lane that a program lives on goes on from part to part.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import List, Optional, Sequence, Tuple


@dataclass(frozen=True)
class Box:
    x: int
    y: int
    width: int
    height: int
    kind: str
    radius: int = 4


@dataclass(frozen=True)
class Shape:
    """A path of SVG."""

    d: str
    kind: str


@dataclass(frozen=True)
class Label:
    x: int
    y: int
    text: str
    kind: str
    anchor: str = "middle"
    href: str = ""


@dataclass
class Row:
    """What stands at one height: a step, or several of one moment."""

    top: int
    name: str = ""  # what a link leads to
    kind: str = ""
    height: int = 0
    marked: bool = False
    boxes: List[Box] = field(default_factory=list)
    shapes: List[Shape] = field(default_factory=list)
    labels: List[Label] = field(default_factory=list)

    @property
    def bottom(self) -> int:
        return self.top + self.height


@dataclass(frozen=True)
class Part:
    top: int
    height: int
    rows: Tuple[Row, ...]
    lanes: Tuple[Shape, ...]


@dataclass(frozen=True)
class Picture:
    """A drawn ladder; `step_at` names the row of each step."""

    width: int
    parts: Tuple[Part, ...]
    step_at: Tuple[str, ...]


def lives(
    ends: Sequence[Tuple[int, bool]], top: int, bottom: int, over: Optional[int]
) -> List[Tuple[int, int, str]]:
    """Return where a program lives: from, to, and how its lane is drawn.

    `ends` are the heights at which it begins (True) and ends. One that is not
    seen to begin is there from the top on; after `over` the run is over.
    """
    since: Optional[int] = None if ends and ends[0][1] else top
    lived: List[Tuple[int, int]] = []
    for y, begins in ends:
        if begins and since is None:
            since = y
        elif not begins and since is not None:
            lived.append((since, y))
            since = None
    if since is not None:
        lived.append((since, bottom))
    pieces: List[Tuple[int, int, str]] = []
    for low, high in lived:
        until = high if over is None else min(max(over, low), high)
        pieces.append((low, until, "lane"))
        pieces.append((until, high, "lane after"))
    return [piece for piece in pieces if piece[0] < piece[1]]


def cut(
    rows: Sequence[Row], lanes: Sequence[Tuple[int, int, int, str]], most: int
) -> Tuple[Part, ...]:
    """Cut a picture into parts that are at most so high, where rows allow.

    `lanes` are pieces of lanes: x, from, to, and how it is drawn.
    """
    groups: List[List[Row]] = []
    for row in rows:
        if not groups or row.bottom - groups[-1][0].top > most:
            groups.append([])
        groups[-1].append(row)
    parts = []
    for group in groups:
        top, bottom = group[0].top, group[-1].bottom
        shapes = tuple(
            Shape("M%d %dV%d" % (x, max(low, top), min(high, bottom)), kind)
            for x, low, high, kind in lanes
            if low < bottom and high > top
        )
        parts.append(Part(top, bottom - top, tuple(group), shapes))
    return tuple(parts)
