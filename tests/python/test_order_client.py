"""Does the reference client of `order` get on with any server, and any input?

With servers that frame their sentences in other ways, that leave at every
stage, and with what a person may type.
"""

from __future__ import annotations

import time

import pytest

from conversation import Peer
from order_stage import Leave, OtherServer, PAUSE_S, PROMPT, Stage
from order_stage import open_other  # noqa: F401 (a fixture)
from order_stage import open_stage  # noqa: F401 (a fixture)


ANSWER = "X: Alice received before Y: Bob"


@pytest.mark.parametrize(
    "greeting, answer, shown",
    [
        (b"Client X connected\n", ANSWER.encode() + b"\n", ANSWER),
        (b"Client X connected", ANSWER.encode(), ANSWER),
        (
            b"From Server: Client X connected",
            b"From Server: " + ANSWER.encode(),
            ANSWER,
        ),
        (b"Client X connected\0", ANSWER.encode() + b"\0", ANSWER),
        (
            b"Client X connected",
            b"X: Alice\n received before Y: Bob\n",
            "X: Alice\nFrom Server: received before Y: Bob",
        ),
    ],
)
def test_the_client_understands_other_servers(
    stage: Stage,
    other: OtherServer,
    greeting: bytes,
    answer: bytes,
    shown: str,
) -> None:
    client = stage.client()
    server = other.accept()
    server.send(greeting)
    expected = "From Server: Client X connected\n" + PROMPT
    assert client.out.until(PROMPT) == expected
    client.type("Alice\n")
    assert server.heard.until("\n") == "Alice\n"
    server.send(answer)
    assert client.out.rest() == "Sent: Alice\nFrom Server: %s\n" % shown
    assert client.status() == 0


def test_the_client_can_send_without_a_line_end(
    stage: Stage, other: OtherServer
) -> None:
    client = stage.client("--no-newline")
    server = other.accept()
    server.send(b"Client X connected")
    client.out.until(PROMPT)
    client.type("Alice\n")
    client.out.until("Sent: Alice\n")
    server.send(ANSWER.encode())
    assert client.status() == 0
    assert server.heard.rest() == "Alice"


def send_in_two(peer: Peer, first: bytes, second: bytes) -> None:
    """Send two segments, surely within the pause that ends a message."""
    start = time.monotonic()
    peer.send(first)
    peer.send(second)
    if time.monotonic() - start > PAUSE_S:
        pytest.skip("this machine was too busy to send two segments at once")


def test_a_greeting_in_two_segments_is_one(
    stage: Stage, other: OtherServer
) -> None:
    client = stage.client()
    server = other.accept()
    send_in_two(server, b"Client X con", b"nected\n")
    expected = "From Server: Client X connected\n" + PROMPT
    assert client.out.until(PROMPT) == expected


@pytest.mark.parametrize("typed", ["\n \nAlice\n", "Alice\nignored\n"])
def test_the_first_line_that_is_not_empty_is_sent(
    stage: Stage, other: OtherServer, typed: str
) -> None:
    client = stage.client()
    server = other.accept()
    server.send(b"Client X connected\n")
    client.out.until(PROMPT)
    client.type(typed)
    prompts = client.out.until("Sent: Alice\n").count(PROMPT)
    assert prompts == typed[: typed.index("A")].count("\n")
    server.send(ANSWER.encode())
    assert client.status() == 0
    assert server.heard.rest() == "Alice\n"


def test_a_last_line_without_its_end_is_sent(
    stage: Stage, other: OtherServer
) -> None:
    client = stage.client()
    server = other.accept()
    server.send(b"Client X connected\n")
    client.type("Alice")
    client.end_input()
    assert server.heard.until("\n") == "Alice\n"


@pytest.mark.parametrize(
    "typed, why",
    [
        ("", "the input ended"),
        ("\n\n", "the input ended"),
        ("a" * 1025 + "\n", "the message is too long"),
        ("a\0b\n", "the message has a zero byte"),
    ],
)
def test_without_a_usable_message_the_client_fails(
    stage: Stage, other: OtherServer, typed: str, why: str
) -> None:
    client = stage.client()
    server = other.accept()
    server.send(b"Client X connected\n")
    client.type(typed)
    client.end_input()
    assert client.err.rest() == "order_client: nothing was sent: %s\n" % why
    assert client.status() == 1
    assert server.heard.rest() == ""


@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
@pytest.mark.parametrize(
    "stage_of_leaving, why",
    [
        (0, "it did not greet us"),
        (1, "nothing was sent"),
        (2, "it did not answer"),
    ],
)
def test_a_server_that_leaves_is_noticed(
    stage: Stage,
    other: OtherServer,
    stage_of_leaving: int,
    why: str,
    leave: Leave,
) -> None:
    client = stage.client()
    server = other.accept()
    if stage_of_leaving >= 1:
        server.send(b"Client X connected\n")
        client.out.until(PROMPT)
    if stage_of_leaving >= 2:
        client.type("Alice\n")
        server.heard.until("Alice\n")
    leave(server)
    assert client.err.rest() == "order_client: the server left: %s\n" % why
    assert client.status() == 1


def test_a_sentence_at_the_prompt_is_shown_and_the_prompt_repeated(
    stage: Stage, other: OtherServer
) -> None:
    client = stage.client()
    server = other.accept()
    server.send(b"Client X connected\nWelcome\n")
    client.out.until(PROMPT)
    assert client.out.until(PROMPT) == "\nFrom Server: Welcome\n" + PROMPT
    server.send(b"Hurry up")
    assert client.out.until(PROMPT) == "\nFrom Server: Hurry up\n" + PROMPT
    client.type("Alice\n")
    assert server.heard.until("\n") == "Alice\n"
