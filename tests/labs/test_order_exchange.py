"""Is an exchange of lab `order` understood, however it went over the wire?

A and B stand for the messages that were typed.
"""

from __future__ import annotations

from typing import Any, Dict, List, Optional, Tuple

import pytest

from grader.model import Outcome, ScenarioRecord
from grader.trace import Trace
from tests.labs.order_words import ONE, OTHER, reading, sentences, typed

SERVER = "10.0.0.1:12000"
PORTS = {"h2": "10.0.0.2:4000", "h3": "10.0.0.3:4000"}


class Conversation:
    """Two connections, with h2 as X; each side says what it is told to."""

    def __init__(self, encoding: str = "utf-8") -> None:
        self.encoding = encoding
        self.events: List[Dict[str, Any]] = []
        self.seq: Dict[Tuple[str, str], int] = {}
        for host in PORTS:
            self._packet((PORTS[host], SERVER), "S", b"")
            self._packet((SERVER, PORTS[host]), "SA", b"")

    def _packet(self, ends: Tuple[str, str], flags: str, data: bytes) -> None:
        seq = self.seq.get(ends, 500)
        self.seq[ends] = seq + len(data) + ("S" in flags)
        self.events.append(
            {
                "n": len(self.events) + 1, "ev": "packet", "flags": flags,
                "src": ends[0], "dst": ends[1], "seq": seq, "len": len(data),
                "hex": data.hex(),
            }
        )  # fmt: skip

    def sends(self, host: str, text: str) -> "Conversation":
        self._packet((PORTS[host], SERVER), "AP", typed(text).encode(self.encoding))
        return self

    def hears(self, host: str, *texts: str) -> "Conversation":
        for text in texts:
            self._packet((SERVER, PORTS[host]), "AP", typed(text).encode(self.encoding))
        return self

    def shows(self, host: str, text: str) -> "Conversation":
        said = {"n": len(self.events) + 1, "ev": "output", "program": host}
        self.events.append({**said, "text": typed(text)})
        return self

    def exchange(self, **more: Any) -> Any:
        facts = {
            **more,
            "labels": {"h2": "X", "h3": "Y"},
            "messages": {"h2": ONE, "h3": OTHER},
            "hosts": {"h1": "10.0.0.1", "h2": "10.0.0.2", "h3": "10.0.0.3"},
        }
        record = ScenarioRecord(
            "exchange", Outcome.FINISHED, events=tuple(self.events), facts=facts
        )
        return reading.Exchange(Trace(record))


@pytest.mark.parametrize(
    "greeting, answer",
    [
        (["Client %s connected"], ["Y: B received before X: A"]),
        (["Client %s connected\n"], ["Y: B received ", "before X: A\n"]),
        (["Client", " %s conn", "ected"], ["Y: B received before X: A\n"]),
        ([], ["Client %s connectedY: B received before X: A"]),
        (["Client %s connected\0\0\0"], ["Y: B received before X: A\0\0\0"]),
        (["You are %s. Connected."], ["From Server: Y: B received before X: A"]),
    ],
)
@pytest.mark.parametrize("prefix", ["", "Client %s: ", "%s:", "hello from %s\n"])
def test_an_exchange_is_understood_however_tcp_cuts_it(
    greeting: List[str], answer: List[str], prefix: str
) -> None:
    made = Conversation()
    both = (("h2", "X"), ("h3", "Y"))
    for host, label in both:
        made.hears(host, *(g.replace("%s", label) for g in greeting))
    made.sends("h3", prefix.replace("%s", "Y") + "B")
    made.sends("h2", prefix.replace("%s", "X") + "A\n")
    for host, label in both:
        made.hears(host, *(a.replace("%s", label) for a in answer))
    x = made.exchange()
    assert x.both_arrived and x.distinct
    assert [client.label for client in x.by_arrival()] == ["Y", "X"]
    assert x.letters_used() == {"h2": "X", "h3": "Y"}
    for client in x.clients:
        assert set(x.greeting(client)) == {client.label}
        assert x.sentence(client).first == OTHER
        assert x.sentence(client).letters == ("Y", "X")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_an_exchange_in_wide_characters_is_understood(encoding: str) -> None:
    made = Conversation(encoding)
    for host, label in (("h2", "X"), ("h3", "Y")):
        made.hears(host, "Client %s connected" % label)
    made.sends("h3", "B").sends("h2", "A")
    for host in PORTS:
        made.hears(host, "Y: B received before X: A")
    x = made.exchange()
    assert x.both_arrived and x.distinct
    assert x.letters_used() == {"h2": "X", "h3": "Y"}
    assert [x.greeting(client) for client in x.clients] == [["X"], ["Y"]]
    assert all(x.sentence(client).is_whole for client in x.clients)


@pytest.mark.parametrize("settled, chance", [(4, False), (6, True), (99, True)])
def test_messages_that_came_before_anybody_could_look(
    settled: int, chance: bool
) -> None:
    made = Conversation().sends("h2", "A").sends("h3", "B")  # events 5 and 6
    assert made.exchange(**{"both-connected": settled}).by_chance is chance


@pytest.mark.parametrize(
    "answer, shows, worded",
    [
        ('{"first": ["X", "A"], "second": ["Y", "B"]}',
         "X: A received before Y: B", True),
        ('{"first": ["X", "A"], "second": ["Y", "B"]}',
         "Y: B received before X: A", False),  # not what it was told
        ('{"first": ["X", "A"], "second": ["Y", "B"]}', "A, then B", False),
        ("X received before Y", "X: A received before Y: B", False),
    ],
)  # fmt: skip
def test_a_client_may_put_the_answer_into_words(
    answer: str, shows: str, worded: bool
) -> None:
    made = Conversation().sends("h2", "A").sends("h3", "B")
    made.hears("h2", answer).shows("h2", shows)
    x = made.exchange()
    assert x.is_worded(x.clients[0], x.sentence(x.clients[0])) is worded


def test_two_client_programs_may_have_the_wrong_letters_in_their_messages() -> None:
    """clientY.py was started first: the server is right to call it X."""
    made = Conversation()
    made.sends("h2", "Client Y: A").sends("h3", "Client X: B")
    for host in PORTS:
        made.hears(host, "X: Client Y: A received before Y: Client X: B")
    x = made.exchange()
    assert x.letters_used() == {"h2": "X", "h3": "Y"}
    assert all(not x.sentence(c).own_letters for c in x.clients)


def test_a_label_that_only_the_client_gives_itself_is_none() -> None:
    made = Conversation()
    made.sends("h2", "Client X: A").sends("h3", "Client Y: B")
    for host in PORTS:
        made.hears(host, "Client X: A received before Client Y: B")
    x = made.exchange()
    assert x.letters_used() == {}
    assert x.sentence(x.clients[0]).letters == ("X", "Y")


def test_what_was_not_typed_is_known_by_what_was_sent() -> None:
    made = Conversation()
    made.sends("h2", "Client X: Alice").sends("h3", "Client Y: Bob")
    x = made.exchange()
    assert [client.message for client in x.clients] == ["alice", "bob"]
    assert x.both_arrived and not x.distinct


def test_a_client_that_sent_nothing_has_not_arrived() -> None:
    x = Conversation().sends("h2", "A").exchange()
    assert [c.arrived is not None for c in x.clients] == [True, False]
    assert x.both_connected and not x.both_arrived
    empty: Optional[Any] = x.sentence(x.clients[1])
    assert empty is None


def test_a_message_without_end_is_not_looked_for() -> None:
    """To find megabytes in megabytes would take minutes."""
    flood = "x" * 4_000_000
    assert sentences.read("X: a received before Y: b" + flood, flood, "b") is None
    said = "X: anna received before Y: bert\n" + flood
    found = sentences.read(said, "anna", "bert")
    assert found is not None and found.letters == ("X", "Y")


def test_of_a_flood_the_beginning_and_the_end_are_heard() -> None:
    made = Conversation().sends("h2", "x" * 5000)
    made.hears("h2", "Client X connected\n")
    for _ in range(1000):
        made.hears("h2", "x" * 1400)
    made.hears("h2", "the end")
    client = made.exchange().clients[0]
    assert client.told.strip().startswith("Client X connected\n")
    assert client.told.endswith("xthe end")
    assert len(client.told) < 20_000 and len(client.message) < 5000
