"""Lab `order`: what if both users type the same text?

Then only the letters tell the two messages apart. A server that remembers
messages by their text, and not by who sent them, cannot be right here.
"""

from __future__ import annotations

from typing import Iterator, List, Tuple

from grader.api import Insight, Traces, insight

from .parts import SAME_WORDS, parts
from .reading import Exchange
from .replay import Replay


def same_words(replay: Replay) -> None:
    """Both say what Y's user typed, and Y says it first."""
    borrowed = replay.in_the_words_of("Y", "X")
    if borrowed is None:
        return
    replay.begin(SAME_WORDS)
    replay.say("Y")
    replay.run.settle()
    replay.run.tell(replay.peers["X"], borrowed)
    replay.end()


@insight
def confuses_same_words(traces: Traces) -> Iterator[Insight]:
    """Whether both letters are in the answer, in the order of arrival, as they
    are with other texts."""
    runs = [Exchange(trace) for trace in traces.of("exchange")]
    if not runs or not all(map(_is_right, runs)):
        return
    for part in parts(traces, SAME_WORDS):
        if all(letters == ("Y", "X") for letters in _letters(part.exchange)):
            continue
        yield Insight(
            "same-words",
            "when both users type the same text, the answer has a wrong letter",
            "Remember of each message who sent it: the text alone does not say.",
            (part.evidence,),
        )


def _letters(x: Exchange) -> List[Tuple[str, str]]:
    """Of each answer that has two letters: which is said to be first."""
    told = [x.sentence(client) for client in x.clients]
    return [one.letters for one in told if one is not None and all(one.letters)]


def _is_right(x: Exchange) -> bool:
    arrived = tuple(client.label for client in x.by_arrival())
    return bool(_letters(x)) and all(one == arrived for one in _letters(x))
