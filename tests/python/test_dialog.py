"""Is a client that takes an answer for a host told where its server is?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Callable, Dict, List, Tuple

import pytest

from grader import dialog, prompts
from grader.menus import Wish

CLIENT: Any = SimpleNamespace(name="h2", role="client", peer=False)
QUESTION, MESSAGE, SERVER = "Whom to call? ", "Talimo", "10.0.0.1"
REFUSED = "socket.gaierror: [Errno -2] Name or service not known\n"
ANSWERS = {prompts.OTHER: MESSAGE, prompts.HOST: SERVER}


class Client:
    """A run with one client, which asks once, and connects or ends then."""

    def __init__(self, connects: Callable[[str], bool], last_words: str) -> None:
        self.facts: Dict[str, Any] = {"answered": [{"program": "server"}]}
        self.notes: List[str] = []
        self.starts = 0
        self._connects, self._last_words = connects, last_words
        self.begin_with(CLIENT, ())

    def begin_with(self, _handle: Any, _words: Tuple[str, ...]) -> None:
        self.starts += 1
        self.connected, self.ended, self.shown = False, False, QUESTION

    @property
    def state(self) -> Any:
        asks = not (self.connected or self.ended)
        return SimpleNamespace(
            runs=lambda _name: not self.ended, reads_terminal=lambda _name: asks
        )

    def until(self, _done: Any) -> None:
        """It is where it stays."""

    def asks(self, _handle: Any) -> str:
        return self.shown

    said = asks

    def answer(self, _handle: Any, answers: Dict[str, str], wish: Wish) -> Any:
        return prompts.answer_to(self.shown, answers, wish)

    def role_asked(self, _handle: Any) -> str:
        return ""

    def type(self, _handle: Any, line: str) -> int:
        self.connected = self._connects(line)
        self.ended, self.shown = not self.connected, self._last_words
        return 1

    def note(self, _kind: str, words: str, _program: str) -> None:
        self.notes.append(words)


def bring_up(client: Any, answers: Dict[str, str]) -> bool:
    def connected(_state: Any) -> bool:
        return bool(client.connected)

    return dialog.bring_up(client, CLIENT, connected, answers)


def test_it_is_started_again_and_told() -> None:
    client = Client(lambda line: line == SERVER, REFUSED)
    assert bring_up(client, ANSWERS)
    assert client.starts == 2 and "whom to call?" in client.notes[0]
    # The server's answers stay, and what the client was first given is gone.
    assert [a.get("text") for a in client.facts["answered"]] == [None, SERVER]


@pytest.mark.parametrize(
    "last_words, answers, starts",
    [
        (REFUSED, ANSWERS, 2),  # its own host is wrong: it was worth a try
        ("Segmentation fault\n", ANSWERS, 1),
        (REFUSED, {prompts.OTHER: MESSAGE}, 1),
    ],
)
def test_nothing_is_told_of_what_did_not_help(
    last_words: str, answers: Dict[str, str], starts: int
) -> None:
    client = Client(lambda _line: False, last_words)
    assert not bring_up(client, answers)
    assert client.starts == starts and client.notes == []
