"""Lab `order`: two clients, driven as their users would.

A Pair starts the clients, answers what they ask, and types their messages.
Which messages those are nobody knows before the run.
"""

from __future__ import annotations

import re
from typing import Dict, Optional, Tuple

from grader.api import (
    CONFIRM,
    COUNT,
    ENTER,
    NUMBER,
    OTHER,
    TO_HEAR,
    TO_SEND,
    Handle,
    Run,
    Socket,
    Wish,
    plain,
)

SERVER, FIRST, SECOND = "h1", "h2", "h3"
#: What to take of a client's menu, to send the message and to see the answer.
SEND, HEAR = TO_SEND.words, TO_HEAR.words
#: A client that asks more than this before it sends is not driven on.
MOST_QUESTIONS = 6
#: A client that asks for the label within the message: "(like Client X: Alice)".
_WITH_LABEL = re.compile(r"\bclient [xy]\W*: ?\w|\bx: ?[a-z]{3,}")


def other(host: str) -> str:
    return SECOND if host == FIRST else FIRST


def answers(message: str, number: int) -> Dict[str, str]:
    """What a user types when a program asks; the `number` of a client is 1
    for the first."""
    return {
        CONFIRM: "yes",
        COUNT: "1",
        ENTER: "",
        NUMBER: str(number),
        OTHER: message,
    }


class Pair:
    """Two clients, by their labels, and what each of them is to say."""

    def __init__(
        self, run: Run, connects_first: str, labelled: bool = False
    ) -> None:
        self.run = run
        self.labelled = labelled  # their users type `Client X: NAME`
        self.hosts = {"X": connects_first, "Y": other(connects_first)}
        # One is short, and one as long as the handout's own First_message.
        # X's is first in the alphabet, too: a server that sorts the messages
        # is wrong in every run in which Y sends first, whatever the seed.
        short, long = sorted((run.names.fresh(), run.names.fresh()))
        self.said = {"X": short, "Y": long + "_" + run.names.fresh().lower()}
        self.clients: Dict[str, Handle] = {}
        self.typed: Dict[str, int] = {}
        run.facts["labels"] = {host: x for x, host in self.hosts.items()}
        run.facts["messages"] = {
            host: self.said[label] for label, host in self.hosts.items()
        }
        run.facts["typed"] = {}

    def start(self, label: str, server: Optional[Socket]) -> None:
        """Start one client and let it connect."""
        run, host = self.run, self.hosts[label]
        client = run.start("client", host)
        self.clients[label] = client
        if server is None:  # nothing to connect to: see what it does
            run.ready_for_input(client)
        else:
            run.join(client, server, self._answers(label))
            for answer in run.facts.get("answered", []):
                if answer["program"] == host and self.said[label] in answer["text"]:
                    self.note_typed(label, answer["n"])
        run.facts["connected-" + label] = run.state.n

    def speak(self, label: str) -> None:
        """Type the client's message, once the client asks for it.

        What was typed before it had connected may have been for a question
        of its own, such as its user's name: so a client that waits for its
        user is given the message again.
        """
        run, client = self.run, self.clients[label]
        before = self.typed.get(label)
        for _ in range(MOST_QUESTIONS):
            if self.typed.get(label) != before and self._has_sent(label):
                return
            if not run.ready_for_input(client):
                break
            self._answer(label, SEND)
            run.settle()
        if not self._has_sent(label):
            run.facts.setdefault("silent", []).append(client.name)

    def dispatch(self, label: str) -> bool:
        """Type the client's message and do not wait until it has arrived:
        a slow link may hold it back. Whether it is on its way."""
        run, client = self.run, self.clients[label]
        for _ in range(MOST_QUESTIONS):
            if not run.state.reads_terminal(client.name):
                return False
            self._answer(label, SEND)
            state = run.settle_held()
            typed = label in self.typed
            if typed and (state.under_way(client.name) or self._has_sent(label)):
                return True
        return False

    def _answer(self, label: str, words: Tuple[str, ...]) -> None:
        """Answer what the client asks."""
        client, message = self.clients[label], self.words(label)
        if _WITH_LABEL.search(plain(self.run.asks(client)).split("\n")[-1]):
            message = "Client %s: %s" % (label, self.said[label])
        wish = Wish(words, label.lower(), 1 + "XY".index(label))
        _kind, text = self.run.answer(
            client, answers(message, wish.number), wish
        )
        n = self.run.type(client, text)
        if text == message and words is SEND:
            self.note_typed(label, n)

    def words(self, label: str) -> str:
        """What the client's user types as the message."""
        said = self.said[label]
        return "Client %s: %s" % (label, said) if self.labelled else said

    def _answers(self, label: str) -> Dict[str, str]:
        return answers(self.words(label), 1 + "XY".index(label))

    def hear(self) -> None:
        """Answer what a client asks before it reads what has come for it:
        "Press Enter to see the result", or a menu."""
        for label, client in self.clients.items():
            for _ in range(MOST_QUESTIONS):
                state = self.run.state
                left = any(s.unread for s in state.connections(client.name))
                if not left or not state.reads_terminal(client.name):
                    break
                self._answer(label, HEAR)
                self.run.settle()

    def speak_again(self, order: str) -> None:
        """Where no answer comes and clients still ask: what was typed may
        have been for another question, such as a name after connecting."""
        for label in order:
            client = self.clients[label]
            if self.run.state.reads_terminal(client.name):
                self._answer(label, SEND)
                self.run.settle()

    def let_speak(self) -> None:
        """Type for a client that asks late: its turn came only when the
        other's was over."""
        for label in "XY":
            name = self.clients[label].name
            if name in self.run.facts.get("silent", []):
                self.speak(label)
                if label in self.typed:
                    self.run.facts["silent"].remove(name)

    def _has_sent(self, label: str) -> bool:
        """Whether the client has sent anything since its message was typed;
        one that was never typed at may send by itself."""
        since = self.typed.get(label, 0)
        return self.run.sent_by(self.clients[label], since) > 0

    def note_typed(self, label: str, n: Optional[int]) -> None:
        if n is None:
            return
        self.typed[label] = n
        self.run.facts["typed"][self.hosts[label]] = n
        self.run.mark(n, "the message of client %s is typed" % label)
