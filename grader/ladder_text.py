"""How does a ladder look on a terminal?

Time at the left, a lane for each program, and what happened at the right, so
that a sentence of fifty letters fits even where lanes are close. A step on
which a verdict rests ends with an arrow and the number of its criterion:

      client X   server   client Y
         h2        h1        h3
 0.021   │◀────────┤         │     "Client X connected"  ◀ 5
"""

from __future__ import annotations

import re
from typing import List, Optional, Sequence, Set, Tuple

from grader import words
from grader.ladder import Kind, Ladder, Step
from grader.words import Style

_LINES = 4  # of text in one step
_SIGN = {
    Kind.START: "●",
    Kind.TYPE: "●",
    Kind.PRINT: "●",
    Kind.SIGNAL: "●",
    Kind.EXIT: "■",
    Kind.WAIT: "◆",
}
_QUIET = (Kind.START, Kind.CONNECT, Kind.CLOSE, Kind.GAP, Kind.SIGNAL)


def draw(ladder: Ladder, style: Style) -> List[str]:
    """Return the lines of a drawing that is at most `style.width` wide."""
    if not ladder.steps or not ladder.lanes:
        return ["nothing was seen in this run"]
    clock = len("%.3f" % max(step.time for step in ladder.steps)) + 1
    lane = _lane_width(ladder, style, clock)
    lines = _head(ladder, style, lane, clock)
    gone: Set[int] = {
        step.lane for step in ladder.steps if step.kind is Kind.START
    }
    last = ""
    for step in ladder.steps:
        if step.kind in (Kind.START, Kind.EXIT):
            gone.discard(step.lane)
        now = "" if step.kind is Kind.GAP else "%.3f" % step.time
        shown = (now if now != last else "").rjust(clock - 1) + " "
        last = now
        lines += _step(ladder, step, style, (lane, shown, gone))
        if step.kind is Kind.EXIT:
            gone.add(step.lane)
    return lines


def _lane_width(ladder: Ladder, style: Style, clock: int) -> int:
    """Make a lane as wide as its title, if the text keeps 20 columns."""
    room = style.width - clock - max(20, style.width // 3)
    title = max(words.columns(style.inert(one.title)) for one in ladder.lanes)
    wanted = max(8, min(title + 2, 14))
    return max(6, min(wanted, room // len(ladder.lanes)))


def _head(ladder: Ladder, style: Style, lane: int, clock: int) -> List[str]:
    lines: List[str] = []
    for names in (
        [one.title for one in ladder.lanes],
        [one.host for one in ladder.lanes],
    ):
        cells = [
            _centred(words.shorten(style.inert(name), lane - 1), lane)
            for name in names
        ]
        line = (" " * clock + "".join(cells)).rstrip()
        if line:
            lines.append(style.paint(style.drawn(line), "bold"))
    return lines


def _centred(text: str, width: int) -> str:
    left = max((width - words.columns(text)) // 2, 0)
    return words.pad(" " * left + text, width)


def _step(
    ladder: Ladder,
    step: Step,
    style: Style,
    place: Tuple[int, str, Set[int]],
) -> List[str]:
    lane, clock, gone = place
    blank = " " * len(clock)
    room = style.width - len(clock) - _lanes_width(ladder, lane)
    texts = _texts(step, style, room)
    lines: List[str] = []
    for at, text in enumerate(texts):
        lanes = _lanes(ladder, None if at else step, lane, gone)
        tone = "dim" if step.kind in _QUIET and not step.marks else ""
        lines.append(
            (blank if at else clock)
            + style.drawn(lanes)
            + style.paint(style.drawn(text), tone)
        )
    bare = blank + style.drawn(_lanes(ladder, None, lane, gone))
    if step.marks:
        mark = "◀ " + ",".join(step.marks)
        shown = style.paint(style.drawn(mark), "bad")
        if words.columns(texts[-1] + mark) + 2 <= room:
            lines[-1] += "  " + shown
        else:
            lines.append(bare + shown)
    for note in step.notes:
        for line in words.wrap("↑ " + style.inert(note), room):
            lines.append(bare + style.paint(style.drawn(line), "person"))
    return [line.rstrip() for line in lines]


def _lanes_width(ladder: Ladder, lane: int) -> int:
    """Columns up to the text: what is right of the last lane is cut."""
    return lane * (len(ladder.lanes) - 1) + lane // 2 + 1 + 3


def _lanes(
    ladder: Ladder, step: Optional[Step], lane: int, gone: Set[int]
) -> str:
    """Draw the lanes' part of one line, with the step's arrow or sign."""
    cells = [" "] * _lanes_width(ladder, lane)
    middle = [at * lane + lane // 2 for at in range(len(ladder.lanes))]
    line = "┊" if step and step.kind is Kind.GAP else "│"
    for at, column in enumerate(middle):
        cells[column] = " " if at in gone else line
    if step is None or step.lane < 0:
        return "".join(cells)
    here = middle[step.lane]
    if step.to < 0 or step.to == step.lane:
        cells[here] = _SIGN.get(step.kind, "●")
        return "".join(cells)
    there = middle[step.to]
    low, high = sorted((here, there))
    for column in range(low + 1, high):
        cells[column] = "─"
    cells[here] = "├" if here < there else "┤"
    if here < there:
        cells[there - 1] = "×" if step.kind is Kind.RESET else "▶"
    else:
        cells[there + 1] = "×" if step.kind is Kind.RESET else "◀"
    return "".join(cells)


def _texts(step: Step, style: Style, room: int) -> List[str]:
    """Return what stands beside the lanes, a few short lines of it."""
    begin = style.inert(step.words)
    if step.again:
        begin = (begin + " (sent again)").strip()
    if not step.text:
        lines = words.wrap(begin, room)
    else:
        begin += " " if begin else ""
        lines = _quoted(begin, pieces(step), style, room)
    if len(lines) <= _LINES:
        return lines
    more = "… %d more lines" % (len(lines) - _LINES + 1)
    return lines[: _LINES - 1] + [words.shorten(more, room)]


def pieces(step: Step) -> List[str]:
    """Break text into lines; on the wire a line's end is a part of it."""
    if step.kind is Kind.MESSAGE:
        return re.findall(r"[^\n]*\n|[^\n]+", step.text)
    text = step.text[:-1] if step.text.endswith("\n") else step.text
    return text.split("\n")


def _quoted(
    begin: str, pieces: Sequence[str], style: Style, room: int
) -> List[str]:
    """Quote each piece on lines of its own.

    Of several printed lines each gets one line: they are mostly messages
    that the ladder has told in full.
    """
    indent = " " * len(begin)
    room -= len(indent)
    lines: List[str] = []
    for at, piece in enumerate(pieces):
        text = '"%s"' % style.inert(piece)
        if indent and len(pieces) > 1 and words.columns(text) > room:
            text = words.shorten(text, room - 1) + '"'
        for line in words.wrap(text, room):
            lines.append((indent if lines else begin) + line)
        if len(lines) > _LINES:
            return lines + [""] * (len(pieces) - at - 1)
    return lines
