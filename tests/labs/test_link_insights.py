"""Are the insights on far, lossy and slow links told where they are true?

The traces are made up: not every kernel can lose and delay packets. That real
programs bring such runs about is tried in tests/network.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Dict, List, Optional

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))
sys.path.insert(0, str(REPO / "tests" / "python"))

import made_up  # noqa: E402
from grader import lab  # noqa: E402
from grader.api import Traces  # noqa: E402
from grader.model import Insight, Outcome, ScenarioRecord  # noqa: E402
from grader.trace import Trace  # noqa: E402

CHAT, SUM = lab.load("chat"), lab.load("sum")
bad_links: Any = sys.modules["mngrade_lab_chat.bad_links"]
far: Any = sys.modules["mngrade_lab_sum.far"]

BIG = 1 << 20


def ids(found: Any) -> List[str]:
    insights: List[Insight] = list(found)
    assert all(one.text and one.mend and one.evidence for one in insights)
    return [one.id for one in insights]


# ---- chat --------------------------------------------------------------------


def facts_only(**runs: Dict[str, Any]) -> Traces:
    """Runs of which the script's own facts are all that counts."""
    records = [
        ScenarioRecord(name, Outcome.FINISHED, facts={"end": 9, **facts})
        for name, facts in runs.items()
    ]
    return Traces([Trace(record) for record in records], CHAT.rubric, ())


SOUND = {
    "transfers": [{"whole": True}, {"whole": True}],
    "own-client": {"big-kept": True},
}


def lossy(whole: bool = True, kept: bool = True, asked: bool = True) -> Dict[str, Any]:
    return {
        "transfer": {"asked": asked, "whole": whole, "n": 3, "end": 8},
        "own-client": {"big-kept": kept, "n": 1, "end": 2},
    }


@pytest.mark.parametrize(
    "facts, expected",
    [
        (lossy(), []),
        (lossy(whole=False), ["lossy-link-breaks-file"]),
        (lossy(whole=False, asked=False), []),
        (lossy(kept=False), ["client-loses-file-over-lossy-link"]),
        (lossy(whole=False, kept=False), ["lossy-link-breaks-file"]),
        ({}, []),
    ],
)
def test_what_a_lossy_link_does_to_a_file(
    facts: Dict[str, Any], expected: List[str]
) -> None:
    traces = facts_only(files=SOUND, lossy_links=facts)
    assert ids(bad_links.lossy_transfers(traces)) == expected


def test_a_client_that_keeps_no_large_file_anyway_is_not_told_of_losses() -> None:
    poor = dict(SOUND, **{"own-client": {"big-kept": False}})
    traces = facts_only(files=poor, lossy_links=lossy(kept=False))
    assert ids(bad_links.lossy_transfers(traces)) == []


@pytest.mark.parametrize(
    "changes, expected",
    [
        ({}, []),
        ({"answered": False}, ["slow-reader-holds-up-others"]),
        ({"got": BIG - 1}, ["slow-reader-misses-bytes"]),
        # It was let go: a server may do that with one that never reads.
        ({"got": BIG - 1, "open": False}, []),
        # All was on its way already, or nothing ever came: no proof.
        ({"answered": False, "unread": BIG}, []),
        ({"answered": False, "unread": 0}, []),
    ],
)
def test_what_a_slow_reader_does_to_others(
    changes: Dict[str, Any], expected: List[str]
) -> None:
    facts = {"unread": 100000, "begun": 4, "answered": True, "got": BIG,
             "open": True, **changes}  # fmt: skip
    assert ids(bad_links.slow_readers(facts_only(slow_reader=facts))) == expected


def test_only_a_server_that_sends_large_files_is_asked_again() -> None:
    broken = {"transfers": [{"whole": True}, {"whole": False}]}
    assert bad_links.sends_large_files(facts_only(files=SOUND))
    for poor in (broken, {"transfers": []}, {}):
        assert not bad_links.sends_large_files(facts_only(files=poor))


def test_how_a_file_is_asked_for_is_learned_where_it_was_seen() -> None:
    spoken = {"folder": "files/", "words": ["get {}"]}
    traces = facts_only(files=dict(SOUND, spoken=spoken))
    assert bad_links.how_a_file_is_asked_for(traces) == {"spoken": spoken}
    assert bad_links.how_a_file_is_asked_for(facts_only(files={})) == {}


# ---- sum ---------------------------------------------------------------------

CLIENT, SERVER = made_up.X, made_up.SERVER


def exchange(
    name: str, number: int, reply: Optional[str], shows_sum: bool = True
) -> Trace:
    """A run in which one client brings its number to a server with 42."""
    stream = made_up.Stream()
    begin = stream.add("started", program="h2")
    stream.connect(CLIENT)
    typed = stream.add("typed", program="h2", text="%d\n" % number)
    stream.say(CLIENT, SERVER, "Client of Ann: %d" % number)
    if reply is not None:
        told = "Ann and Bob: %d + 42 = %d\n" % (number, number + 42)
        stream.add("output", program="server", text=told)
        stream.say(SERVER, CLIENT, reply)
    if shows_sum:
        shown = "Bob has 42, sum %d\n" % (number + 42)
        stream.add("output", program="h2", text=shown)
    end = stream.add("exit", program="h2", code=0)
    visit = {"program": "h2", "host": "h2", "number": number, "begin": begin,
             "typed": typed, "name": "", "text": str(number), "end": end}  # fmt: skip
    facts = {"hosts": {"h1": "10.0.0.1", "h2": "10.0.0.2"}, "visits": [visit]}
    return Trace(
        ScenarioRecord(name, Outcome.FINISHED, events=tuple(stream.events), facts=facts)
    )


GOOD_REPLY = "Server of Bob: 42"


@pytest.mark.parametrize(
    "reply, shows_sum, lost",
    [
        (GOOD_REPLY, True, ""),
        (GOOD_REPLY, False, "the client does not show the sum"),
        (None, False, "the client gets no answer"),
    ],
)
def test_a_far_exchange_is_held_against_a_near_one(
    reply: Optional[str], shows_sum: bool, lost: str
) -> None:
    near = exchange("exchange", 17, GOOD_REPLY)
    away = exchange("far_client", 31, reply, shows_sum)
    found = list(far.far_exchange(Traces([near, away], SUM.rubric, ())))
    assert ids(found) == (["far-client-fails"] if lost else [])
    assert all(lost in one.text for one in found)


def test_what_a_near_client_lacks_too_is_not_the_distance() -> None:
    near = exchange("exchange", 17, GOOD_REPLY, shows_sum=False)
    away = exchange("far_client", 31, GOOD_REPLY, shows_sum=False)
    assert ids(far.far_exchange(Traces([near, away], SUM.rubric, ()))) == []
