"""Does anything happen but a program that says the same again and again?

Some servers print `waiting...` twice a second for as long as they wait. Each
line is a visible change, so labrun never finds such a run settled. Here it is
told from the events that nothing else goes on: the same words came round, and
no other program sleeps for a reason of its own.
"""

from __future__ import annotations

import re
from typing import Dict, List, Sequence, Set

from grader import text
from grader.model import Event
from grader.state import State

#: So often has the same to come round, for a program that is not known yet
#: as one that does so, and for one that is.
AT_FIRST, KNOWN = 3, 2
#: Events that are no news by themselves.
_QUIET = ("state", "ok", "typed", "signalled", "type-capped", "output-capped")


def only_ticks(
    events: Sequence[Event], state: State, known: Set[str]
) -> Set[str]:
    """The programs that tick, where nothing else has happened at the end of
    these events; else none. `known`: those of which one knew it before."""
    said: Dict[str, List[str]] = {}
    for event in reversed(events):
        if event["ev"] == "output":
            said.setdefault(event["program"], []).append(_words(event))
        elif event["ev"] not in _QUIET and not _is_bare_ack(event):
            break
        if said and all(_comes_round(said[p], p in known) for p in said):
            break
    if not said or not all(_comes_round(said[p], p in known) for p in said):
        return set()
    sleepers = [t["program"] for t in state.threads if t["wait"] == "sleep"]
    alone = all(p in said and sleepers.count(p) == 1 for p in sleepers)
    return set(said) if alone else set()


def _comes_round(said: Sequence[str], known: bool) -> bool:
    """The last things said are the same, or two that take turns."""
    times = KNOWN if known else AT_FIRST
    for cycle in (1, 2):
        last = said[: cycle * times]
        if len(last) == cycle * times and len(set(last)) <= cycle:
            if all(a == b for a, b in zip(last, last[cycle:])):
                return True
    return False


def _words(event: Event) -> str:
    """Without what counts or turns: digits, dots, a spinner's signs."""
    said = text.plain(text.shown(text.decode(text.event_bytes(event))))
    return re.sub(r"[\W\d_]+", " ", said).strip()


def _is_bare_ack(event: Event) -> bool:
    """A segment that carries nothing and changes no state."""
    return event["ev"] == "packet" and not event["len"] and event["flags"] == "A"
