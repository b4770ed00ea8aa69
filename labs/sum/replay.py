"""How does a peer say what a client of the submission said, with another
number in it, or answer as its server might?

Formats differ freely, so nothing is known of them but what was seen: the
bytes, their order, who waited for whom, and which number is in them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Tuple

from grader.api import decode

from .encoded import readable, with_inside
from .names import pieces
from .numbers import Told, integers, with_number
from .reading import Visit

#: ("say", bytes in hexadecimal) or ("hear", how many bytes in all).
Step = Tuple[str, Any]


@dataclass(frozen=True)
class Talk:
    """What one client did on its connection."""

    number: int
    steps: Tuple[Step, ...]
    finished: bool  # it sent its end before it had its answer

    @property
    def said(self) -> bytes:
        return b"".join(bytes.fromhex(x) for kind, x in self.steps if kind == "say")


def talk_of(visit: Visit) -> Optional[Talk]:
    """What a visit's client did; None where it used no single connection."""
    if len(visit.connections) != 1 or not visit.sent_number(visit.number):
        return None
    made = visit.connections[0]
    both = [(n, "say", piece) for n, piece in made.to_server.chunks]
    both += [(n, "hear", piece) for n, piece in made.to_client.chunks]
    steps: List[Step] = []
    heard = 0
    for _n, kind, piece in sorted(both):
        heard += len(piece) if kind == "hear" else 0
        steps.append((kind, piece.hex() if kind == "say" else heard))
    last = max((n for n, _p in made.to_client.chunks), default=None)
    closed = made.closed_by_client
    finished = closed is not None and (last is None or closed < last)
    return Talk(visit.number, tuple(steps), finished)


def as_data(talk: Talk) -> Dict[str, Any]:
    return {"number": talk.number, "steps": [list(s) for s in talk.steps],
            "finished": talk.finished}


def from_data(data: Dict[str, Any]) -> Talk:
    return Talk(int(data["number"]), tuple((k, x) for k, x in data["steps"]),
                bool(data["finished"]))


def with_other_number(talks: Sequence[Talk], number: int) -> Optional[Talk]:
    """A talk with this number in it; None where it is not seen how.

    A message may tell its own length, so a talk is taken whose number has as
    many digits, where there is one; and one whose number is in it once."""
    def fitness(talk: Talk) -> Tuple[bool, bool]:
        times = decode(talk.said).count(str(talk.number))
        return (len(str(talk.number)) != len(str(number)), times > 1)

    for talk in sorted(talks, key=fitness):
        changed = _changed(talk, talks, number)
        if changed is not None:
            return changed
    return None


def _changed(talk: Talk, talks: Sequence[Talk], number: int) -> Optional[Talk]:
    """The number is in the last piece in which it is found: what stands
    before may be a length."""
    for at in range(len(talk.steps) - 1, -1, -1):
        if talk.steps[at][0] != "say":
            continue
        told: List[Told] = [(bytes.fromhex(talk.steps[at][1]), talk.number)]
        for other in talks:
            if other.number != talk.number and len(other.steps) > at:
                kind, piece = other.steps[at]
                told += [(bytes.fromhex(piece), other.number)] if kind == "say" else []
        message = with_number(told, number)
        if message is not None:
            steps = list(talk.steps)
            steps[at] = ("say", message.hex())
            return Talk(number, tuple(steps), talk.finished)
    return None


def mirrored(message: bytes, number: int, own: int, name: str) -> bytes:
    """An answer in the form of a client's message: `Client of Ann: 17` makes
    `Server of Ann: 42`. Its length stays, because it may tell it."""
    encoded = with_inside(message, lambda text: mirrored(text, number, own, name))
    if encoded is not None:
        return encoded
    answer = with_number([(message, number)], own) or message
    found = False
    for client, server in ((b"Client", b"Server"), (b"client", b"server"),
                           (b"CLIENT", b"SERVER")):
        found = found or client in answer
        answer = answer.replace(client, server)
    if not found:
        for piece in pieces(message):
            text = piece.encode()
            other = (name * len(text))[: len(text)].encode()
            answer = answer.replace(text, other)
    return answer


def number_in(message: bytes, wanted: int) -> int:
    """The number that was typed; where it is not in it, the message's last."""
    told = sorted(integers(decode(readable(message))))
    return wanted if wanted in told or not told else told[-1]
