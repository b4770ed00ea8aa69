"""Lab `order`: several exchanges in one run, one after the other.

A run that only serves insights does more than one thing with the server: it
is started again for each. A Part says where in the run's events one of them
lies. Its exchange is read like any other.
"""

from __future__ import annotations

import enum
from dataclasses import replace
from typing import Any, Dict, Iterator

from grader.api import Evidence, Trace, Traces

from .reading import Exchange
from .sentences import Sentence

OWN_CLIENTS = "own clients"
THIRD_CLIENT = "third client"
SPLIT = "split message"
SAME_WORDS = "same words"
ROUND = "round"
SANITIZED = "sanitized"


class Told(enum.Enum):
    """What the two clients were told of one exchange."""

    SAME = "the same, with both messages"
    NOTHING = "nothing"
    ONE = "one of them nothing"
    DIFFERENT = "different things"
    MIXED = "the two messages mixed up"


class Part:
    """One exchange of a run, with what the script noted of it."""

    def __init__(self, trace: Trace, fields: Dict[str, Any]) -> None:
        self.whole = trace
        self.fields = fields
        begin, end = fields["begin"], fields["end"]
        # Events keep their numbers: what was before becomes an empty one.
        events = tuple(
            event if event["n"] >= begin else {"n": event["n"], "ev": "before"}
            for event in trace.record.events[:end]
        )
        facts = dict(trace.facts, end=end, closing=end + 1)
        self.trace = Trace(replace(trace.record, events=events, facts=facts))
        self.exchange = Exchange(self.trace)

    @property
    def evidence(self) -> Evidence:
        """What a person wants to see of it."""
        x = self.exchange
        return self.whole.evidence(
            self.fields.get("held"), *(x.sentence_at(c) for c in x.clients)
        )


def parts(traces: Traces, kind: str) -> Iterator[Part]:
    """The parts of this kind, of all runs that have any."""
    for trace in traces:
        for fields in trace.facts.get("parts", ()):
            if fields["kind"] == kind:
                yield Part(trace, fields)


def told(x: Exchange) -> Told:
    """What the clients were told, as far as that can be told apart."""
    sentences = [x.sentence(client) for client in x.clients]
    there = [one for one in sentences if one is not None]
    if len(there) < 2:
        return Told.ONE if there else Told.NOTHING
    if len({(one.first, one.letters[0]) for one in there}) > 1:
        return Told.DIFFERENT
    return Told.MIXED if _is_mixed(x, there[0]) else Told.SAME


def _is_mixed(x: Exchange, sentence: Sentence) -> bool:
    """Whether a message stands under the other client's letter, or a letter
    or a message stands for both."""
    one, other = sentence.letters
    if not one or not other or sentence.own_letters:
        return False
    owners = [c.label for c in x.clients if c.message == sentence.first]
    return one == other or (len(owners) == 1 and one != owners[0])


def names_both(x: Exchange) -> bool:
    """Whether both clients were told both messages."""
    sentences = [x.sentence(client) for client in x.clients]
    return all(one is not None and one.has_messages for one in sentences)
