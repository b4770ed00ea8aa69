"""What does a ladder say to somebody who cannot see it?

A sentence for each step: who, what, and to whom. The text of a program comes
apart from it, as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import List, Tuple

from grader.ladder import Kind, Ladder, Lane, Step


@dataclass(frozen=True)
class Told:
    """One step in words."""

    time: str
    sentence: str
    text: str  # the program's own
    step: Step


def titles(lane: Lane) -> Tuple[str, str]:
    """Return what a lane is called and where it is: ("client", "h2")."""
    if lane.role and lane.title in (lane.program, lane.host):
        return ("our peer" if lane.role == "peer" else lane.role), lane.host
    return lane.title, lane.host if lane.host != lane.title else ""


def name(lane: Lane) -> str:
    """Return what a lane is called in a sentence: "client h2"."""
    title, host = titles(lane)
    return title if title == "server" else " ".join(filter(None, (title, host)))


def summary(ladder: Ladder) -> str:
    """Return what the picture shows, in a sentence."""
    lanes = [" on ".join(filter(None, titles(lane))) for lane in ladder.lanes]
    return "Time runs down, through %d steps. A lane each for: %s." % (
        len(ladder.steps), ", ".join(lanes),
    )  # fmt: skip


def told(ladder: Ladder) -> List[Told]:
    """Return every step in words."""
    return [
        Told(_time(step), _sentence(ladder, step), _text(step), step)
        for step in ladder.steps
    ]


def _time(step: Step) -> str:
    return "" if step.kind is Kind.GAP else "%.3f" % step.time


def _text(step: Step) -> str:
    if not step.more:
        return step.text
    return step.text + "… {:,} more characters".format(step.more)


def _sentence(ladder: Ladder, step: Step) -> str:
    if step.lane < 0:
        return step.words
    who = name(ladder.lanes[step.lane])
    again = " (sent again)" if step.again else ""
    if step.kind is Kind.TYPE:
        return "%s: %s" % (who, step.words)
    if step.to < 0:
        return "%s %s" % (who, step.words)
    whom = name(ladder.lanes[step.to])
    if step.kind is Kind.MESSAGE:
        return "%s sends to %s%s" % (who, whom, again)
    return "%s %s: to %s%s" % (who, step.words, whom, again)
