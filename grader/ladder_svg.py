"""How does a ladder look on a page?

A lane for each program and time from top to bottom, by the order of events
and not to scale. An arrow is something that passed between two programs, a
card on a lane what a program printed or was typed into it, a tag what became
of it, a pill what it waits for. Here everything gets its place;
`html/ladder.svg.j2` draws it, and the page's style gives it colour.

Widths of letters are those of the widest usual fonts.
"""

from __future__ import annotations

from dataclasses import replace
from typing import List, Mapping, Optional, Sequence, Tuple

from grader import words
from grader.ladder import Kind, Ladder, Step
from grader.ladder_picture import Box, Label, Picture, Row, Shape, cut, lives
from grader.ladder_text import pieces
from grader.ladder_words import titles

CLOCK = 58  # the column of the time, up to the first lane
EDGE = 12
HEAD = 52  # the lanes' names
PART = 320  # the most of a part's height, if no row is higher
PITCH = {1: 260, 2: 230, 3: 196, 4: 170}  # from lane to lane
LEAST_PITCH = 154
MONO, SANS, SMALL = 7.3, 7.2, 6.7  # of one letter
LINE = 16
QUIET = 0.2  # seconds in which nothing happens, and that are worth a word
MOST_LINES = 6
MOST_BADGES = 3


def draw(ladder: Ladder, name: str, rows: Mapping[str, str]) -> Picture:
    """Draw a ladder. `name` begins every name in the picture; `rows` has the
    title of each mark, which leads to `#row-MARK`."""
    return _Drawing(ladder, name, rows).picture()


def marks_of(steps: Sequence[Step]) -> List[str]:
    """Return the marks of steps, each once: a step may have "4,5" and "5"."""
    found = [one for step in steps for mark in step.marks for one in mark.split(",")]
    return list(dict.fromkeys(found))


def lines_of(step: Step, room: int, most: int = MOST_LINES) -> List[str]:
    """Return a program's text in lines of so many columns, a few of them."""
    lines: List[str] = []
    if step.text:
        for piece in pieces(step):
            text = words.printable(piece)
            if step.kind is Kind.MESSAGE:
                text = '"%s"' % text
            bare = text.lstrip(" ")  # which a line would lose
            indent = min(len(text) - len(bare), room // 2)
            wrapped = words.wrap(bare, room - indent)
            lines += [" " * indent + wrapped[0]] + wrapped[1:]
    if len(lines) > most:
        more = words.count(len(lines) - most + 1, "more line")
        lines = lines[: most - 1] + ["… " + more]
    if step.more:
        lines.append("… {:,} more characters".format(step.more))
    return lines


class _Drawing:
    """Places one row after the other."""

    def __init__(
        self, ladder: Ladder, name: str, rows: Mapping[str, str]
    ) -> None:
        self._ladder = ladder
        self._name = name
        self._titles = rows
        many = len(ladder.lanes)
        self._pitch = PITCH.get(many, LEAST_PITCH)
        self._width = CLOCK + many * self._pitch + EDGE
        self._rows: List[Row] = []
        self._step_at: List[str] = []
        self._ends: List[Tuple[int, int, bool]] = []  # lane, y, begins there
        self._over: Optional[int] = None
        self._time = ""

    def picture(self) -> Picture:
        steps = list(self._ladder.steps)
        self._head()
        at, before = 0, None
        while at < len(steps):
            upto = at + 1
            while upto < len(steps) and _one_moment(steps[at], steps[upto]):
                upto += 1
            self._quiet(before, steps[at])
            self._row(at, steps[at:upto])
            before, at = steps[upto - 1], upto
        bottom = self._rows[-1].bottom
        lanes = [
            (self._x(lane), low, high, kind)
            for lane in range(len(self._ladder.lanes))
            for low, high, kind in lives(
                [(y, begins) for n, y, begins in self._ends if n == lane],
                HEAD - 8, bottom, self._over,
            )
        ]  # fmt: skip
        parts = cut(self._rows, lanes, PART)
        return Picture(self._width, parts, tuple(self._step_at))

    def _x(self, lane: int) -> int:
        return CLOCK + lane * self._pitch + self._pitch // 2

    def _begin(self, kind: str, name: str = "") -> Row:
        top = self._rows[-1].bottom if self._rows else 0
        self._rows.append(Row(top, name, kind))
        return self._rows[-1]

    def _head(self) -> None:
        row = self._begin("head")
        wide = self._pitch - 16
        room = int((wide - 12) / SANS)
        for at, lane in enumerate(self._ladder.lanes):
            x, (title, host) = self._x(at), titles(lane)
            role = lane.role if lane.role in ("server", "peer") else "client"
            if not lane.role and lane.program.startswith("server"):
                role = "server"  # a record in which nobody told the role
            row.boxes.append(
                Box(x - wide // 2, 4, wide, 40, "lane-" + role, 6)
            )
            names = [(title, "lane-title", 21 if host else 28)]
            names.append((host, "lane-host", 36))
            for text, kind, y in names:
                shown = words.shorten(words.printable(text), room)
                row.labels.append(Label(x, y, shown, kind))
        row.labels.append(Label(CLOCK - 10, 28, "seconds", "clock", "end"))
        row.height = HEAD

    def _quiet(self, before: Optional[Step], step: Step) -> None:
        """Say how long nothing happened, since the picture is no scale."""
        if before is None or before.kind is Kind.GAP or step.kind is Kind.GAP:
            return
        passed = step.time - before.time
        if passed >= QUIET:
            row = self._begin("quiet")
            self._across(row, "%.1f s in which nothing happens" % passed)

    def _across(self, row: Row, text: str) -> None:
        """A line over all lanes with words in its middle."""
        y = row.top + 17
        middle = (CLOCK + self._width - EDGE) // 2
        shown = words.printable(text)
        half = int(len(shown) * SMALL / 2) + 8
        row.shapes += [
            Shape("M%d %dH%d" % (CLOCK, y, middle - half), "across"),
            Shape("M%d %dH%d" % (middle + half, y, self._width - EDGE), "across"),
        ]
        row.labels.append(Label(middle, y + 4, shown, "small"))
        row.height = 32

    def _row(self, at: int, steps: Sequence[Step]) -> None:
        step = steps[0]
        row = self._begin(step.kind.value, "%s-s%d" % (self._name, at))
        self._step_at += [row.name] * len(steps)
        y = row.top + 5
        y += self._badges(row, marks_of(steps), y)
        if step.kind in (Kind.GAP, Kind.OVER):
            self._across(row, step.words)
            y = row.bottom
            if step.kind is Kind.OVER:
                self._over = row.top + 17
        else:
            self._clock(row, step, y)
            y += self._content(row, steps, y)
        for one in steps:
            y += self._notes(row, one, y)
        row.height = y + 5 - row.top

    def _content(self, row: Row, steps: Sequence[Step], y: int) -> int:
        step = steps[0]
        if step.kind is Kind.WAIT:
            return max(self._pill(row, one, y) for one in steps)
        if step.to >= 0 and step.to != step.lane:
            return self._arrow(row, step, y)
        if step.kind in (Kind.PRINT, Kind.TYPE, Kind.MESSAGE):
            return self._card(row, step, y)
        return self._tag(row, step, y)

    def _badges(self, row: Row, marks: Sequence[str], y: int) -> int:
        """The criteria that rest on this row, each a link to its own."""
        row.marked = bool(marks)
        shown = [
            (mark, "%s %s" % (mark, self._titles.get(mark, "")))
            for mark in marks[:MOST_BADGES]
        ]
        for at, (mark, text) in enumerate(shown):
            text = words.printable(text.strip())
            row.labels.append(
                Label(self._width - EDGE - 6, y + 11 + LINE * at,
                      "◀ " + words.shorten(text, 40), "badge", "end", "#row-" + mark)
            )  # fmt: skip
        if len(marks) > MOST_BADGES:
            more = "and %d more" % (len(marks) - MOST_BADGES)
            y_more = y + 11 + LINE * len(shown)
            row.labels.append(
                Label(self._width - EDGE - 6, y_more, more, "badge", "end")
            )
        return LINE * min(len(marks), MOST_BADGES + 1)

    def _clock(self, row: Row, step: Step, y: int) -> None:
        now = "%.3f" % step.time
        if step.kind is Kind.WAIT and step.words.startswith("at the end "):
            now = "end"
        if now != self._time:
            row.labels.append(Label(CLOCK - 10, y + 12, now, "clock", "end"))
        self._time = now

    def _arrow(self, row: Row, step: Step, y: int) -> int:
        here, there = self._x(step.lane), self._x(step.to)
        room = int((abs(there - here) - 16) / MONO)
        middle = (here + there) // 2
        said = [
            Label(middle, 0, text, "said") for text in lines_of(step, room)
        ]
        about = step.words + (" (sent again)" if step.again else "")
        if about.strip():
            said[:0] = [
                Label(middle, 0, text, "small")
                for text in words.wrap(words.printable(about.strip()), room)
            ]
        for at, label in enumerate(said):
            row.labels.append(replace(label, y=y + 11 + LINE * at))
        level = y + LINE * len(said) + 6
        row.shapes += _arrow(here, there, level, step.kind, step.words)
        return LINE * len(said) + 14

    def _card(self, row: Row, step: Step, y: int) -> int:
        """What was printed or typed, in the program's own letters."""
        x, wide = self._x(step.lane), self._pitch - 14
        left = x - wide // 2
        lines = lines_of(step, int((wide - 16) / MONO))
        row.boxes.append(
            Box(left, y, wide, 20 + LINE * len(lines), "card-" + step.kind.value)
        )
        about = step.words or "sends itself"
        row.labels.append(Label(left + 8, y + 14, about, "card-about", "start"))
        for at, text in enumerate(lines, 1):
            row.labels.append(
                Label(left + 8, y + 13 + LINE * at, text, "said", "start")
            )
        return 20 + LINE * len(lines)

    def _pill(self, row: Row, step: Step, y: int) -> int:
        text = step.words
        if text.startswith("at the end "):
            text = text[len("at the end ") :]
        return self._around(row, step.lane, text, y, "pill")

    def _tag(self, row: Row, step: Step, y: int) -> int:
        """What became of a program; its lane begins or ends here."""
        height = self._around(row, step.lane, step.words, y, step.kind.value)
        if step.kind in (Kind.START, Kind.EXIT):
            begins = step.kind is Kind.START
            self._ends.append((step.lane, y + (0 if begins else height), begins))
        return height

    def _around(
        self, row: Row, lane: int, text: str, y: int, kind: str
    ) -> int:
        x, most = self._x(lane), self._pitch - 14
        lines = words.wrap(words.printable(text), int((most - 20) / SMALL))
        lines = lines[:MOST_LINES]
        wide = min(int(max(map(words.columns, lines)) * SMALL) + 24, most)
        height = 8 + LINE * len(lines)
        radius = {"pill": 12, "exit": 0, "start": 12}.get(kind, 3)
        row.boxes.append(
            Box(x - wide // 2, y, wide, height, "tag-" + kind, radius)
        )
        for at, line in enumerate(lines):
            row.labels.append(Label(x, y + 16 + LINE * at, line, "tag"))
        return height

    def _notes(self, row: Row, step: Step, y: int) -> int:
        """What the scenario's script says of a step."""
        room = int((self._width - CLOCK - 2 * EDGE) / SMALL)
        lines = [
            line
            for note in step.notes
            for line in words.wrap("↑ " + words.printable(note), room)
        ]
        for at, line in enumerate(lines):
            row.labels.append(
                Label(CLOCK + 4, y + 14 + LINE * at, line, "note", "start")
            )
        return LINE * len(lines) + (4 if lines else 0)


def _one_moment(first: Step, other: Step) -> bool:
    """What all programs wait for at one moment stands side by side."""
    both = first.kind is Kind.WAIT and other.kind is Kind.WAIT
    return both and first.events == other.events


def _arrow(
    here: int, there: int, y: int, kind: Kind, about: str
) -> List[Shape]:
    """A line from lane to lane, and a head that tells what it was."""
    way = 1 if there > here else -1
    end = there - way
    line = Shape("M%d %dH%d" % (here, y, end - 6 * way), "arrow " + kind.value)
    head = Shape("M%d %dl%d -5v10z" % (end, y, -9 * way), "head " + kind.value)
    if kind is Kind.RESET or about.startswith("tries"):
        x = end - 8 * way
        cross = "M%d %dl10 10m0 -10l-10 10" % (x - 5, y - 5)
        return [line, Shape(cross, "cross " + kind.value)]
    if kind is Kind.CONNECT:  # made from both sides
        back = "M%d %dl%d -5v10z" % (here + way, y, 9 * way)
        return [line, head, Shape(back, "head " + kind.value)]
    return [line, head]
