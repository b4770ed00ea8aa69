"""Does the reference server of `order` get on with any client?

With clients that frame their message in other ways, and with clients that
leave, at every stage.
"""

from __future__ import annotations

import platform
import signal
import socket
import time
from pathlib import Path

import pytest

from conversation import LIMIT_S, Peer, Running
from order_stage import CLOSING, LEFT, Leave, PAUSE_S, PROMPT, Stage
from order_stage import open_stage  # noqa: F401 (a fixture)

POLL, FUTEX = "7", "202"  # numbers of system calls


@pytest.mark.parametrize(
    "sent",
    [
        b"Alice\n",
        b"Alice\r\n",
        b"Alice",
        b"  Alice \n",
        b"Client X: Alice\n",
        b"Client Y: Alice",  # a client may be wrong about its label
        b"X: Alice",
        b"Alice\0",
        b"Alice" + bytes(2000),
        b"Alice\nBob\n",
        b"\n\nAlice\n",
    ],
)
def test_a_message_is_understood_however_it_is_sent(
    stage: Stage, sent: bytes
) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    x.send(sent)
    assert "Client X sent message 1: Alice\n" in server.out.until("1: Alice\n")
    y.send(b"Bob\n")
    answer = "X: Alice received before Y: Bob\n"
    refused = "Message refused: it is empty\n"
    assert x.heard.until(answer).replace(refused, "") == answer
    assert y.heard.until("\n") == answer
    x.close()
    y.close()
    assert server.status() == 0


def has_begun(server: Running) -> bool:
    """Has the server noted the first piece of a message that has no end?

    Then a thread waits in poll() for the rest, or on the condition if the
    pause is over: main is in pthread_join(), so that makes two in futex().
    """
    calls = []
    for task in Path("/proc/%d/task" % server.process.pid).iterdir():
        calls.append((task / "syscall").read_text().split()[0])
    return POLL in calls or calls.count(FUTEX) > 1


def await_begun(server: Running) -> None:
    deadline = time.monotonic() + LIMIT_S
    while not has_begun(server):
        assert time.monotonic() < deadline


@pytest.mark.skipif(platform.machine() != "x86_64", reason="call numbers")
def test_a_line_in_two_segments_is_one_message(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    start = time.monotonic()
    x.send(b"Al")
    await_begun(server)
    x.send(b"ice\n")
    if time.monotonic() - start > PAUSE_S:
        pytest.skip("this machine was too busy to keep within the pause")
    assert server.out.until("\n") == "Client X sent message 1: Alice\n"
    y.send(b"Bob\n")
    assert y.heard.until("\n") == "X: Alice received before Y: Bob\n"


@pytest.mark.skipif(platform.machine() != "x86_64", reason="call numbers")
def test_arrival_is_when_a_message_begins(stage: Stage) -> None:
    """Y's message is whole while the server waits for more from X."""
    server = stage.server()
    x, y = stage.pair(server)
    x.send(b"Alice")
    await_begun(server)
    y.send(b"Bob\n")
    assert y.heard.until("\n") == "X: Alice received before Y: Bob\n"


def test_more_than_one_message_is_noted(stage: Stage) -> None:
    server = stage.server()
    x, _ = stage.pair(server)
    x.send(b"Alice\nBob\n")
    line = "Client X sent more than one message: the rest is ignored\n"
    assert server.out.until("\n") == line
    assert server.out.until("\n") == "Client X sent message 1: Alice\n"


def test_an_empty_message_is_refused_and_does_not_count(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    x.send(b"\n")
    assert x.heard.until("\n") == "Message refused: it is empty\n"
    y.send(b"Bob\n")
    assert server.out.until("\n") == "Client Y sent message 1: Bob\n"
    x.send(b" \r\nAlice\n")
    assert x.heard.until("\n") == "Message refused: it is empty\n"
    assert x.heard.until("\n") == "Y: Bob received before X: Alice\n"


def test_the_longest_message_is_taken(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    x.send(b"a" * 1024 + b"\r\n")
    server.out.until("\n")
    y.send(b"b" * 1024)
    answer = "X: %s received before Y: %s\n" % ("a" * 1024, "b" * 1024)
    assert x.heard.until("\n") == answer
    assert y.heard.until("\n") == answer


@pytest.mark.parametrize("size", [1025, 100000])
def test_a_message_that_is_too_long_counts_as_leaving(
    stage: Stage, size: int
) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    y.send(b"a" * size)
    refusal = "Message refused: it is longer than 1024 bytes\n"
    assert y.heard.until("\n") == refusal
    assert server.out.until("\n") == "Client Y: " + refusal
    assert x.heard.rest() == LEFT % "Y"
    assert y.heard.rest() == LEFT % "Y"
    x.close()
    y.close()
    assert server.out.rest() == LEFT % "Y" + CLOSING
    assert server.status() == 1


@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
def test_x_leaves_before_y_comes(stage: Stage, leave: Leave) -> None:
    server = stage.server()
    x = stage.peer()
    server.out.until("client X\n")
    leave(x)
    y = stage.peer()
    assert y.heard.rest() == "Client Y connected\n" + LEFT % "X"
    y.close()
    assert LEFT % "X" in server.out.rest()
    assert server.status() == 1


def test_x_leaves_before_it_is_accepted(stage: Stage) -> None:
    server = stage.server()
    server.process.send_signal(signal.SIGSTOP)
    stage.peer().close()
    server.process.send_signal(signal.SIGCONT)
    y = stage.peer()
    assert y.heard.rest() == "Client Y connected\n" + LEFT % "X"
    y.close()
    assert server.status() == 1


@pytest.mark.parametrize("leaver", ["X", "Y"])
@pytest.mark.parametrize("other_has_sent", [True, False])
@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
def test_a_client_leaves_before_its_message(
    stage: Stage, leaver: str, other_has_sent: bool, leave: Leave
) -> None:
    server = stage.server()
    peers = dict(zip("XY", stage.pair(server)))
    gone = peers.pop(leaver)
    (letter, stays), = peers.items()
    if other_has_sent:
        stays.send(b"Alice\n")
        line = "Client %s sent message 1: Alice\n" % letter
        assert server.out.until("\n") == line
    leave(gone)
    assert stays.heard.rest() == LEFT % leaver
    stays.close()
    assert server.out.rest() == LEFT % leaver + CLOSING
    assert server.status() == 1


@pytest.mark.parametrize("leaver", ["X", "Y"])
@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
def test_a_client_leaves_between_its_message_and_the_answer(
    stage: Stage, leaver: str, leave: Leave
) -> None:
    server = stage.server()
    peers = dict(zip("XY", stage.pair(server)))
    gone = peers.pop(leaver)
    (letter, stays), = peers.items()
    gone.send(b"Alice\n")
    server.out.until("message 1: Alice\n")
    leave(gone)
    stays.send(b"Bob\n")
    answer = "%s: Alice received before %s: Bob\n" % (leaver, letter)
    assert stays.heard.rest() == answer
    stays.close()
    assert server.out.rest() == (
        "Client %s sent message 2: Bob\n" % letter
        + "Client %s left before the answer\n" % leaver
        + CLOSING
    )
    assert server.status() == 1


def test_a_client_that_closes_its_sending_side_is_answered(
    stage: Stage,
) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    x.send(b"Alice")
    x.sock.shutdown(socket.SHUT_WR)
    server.out.until("message 1: Alice\n")
    y.send(b"Bob\n")
    assert x.heard.rest() == "X: Alice received before Y: Bob\n"


def test_a_client_that_leaves_interrupts_the_other_at_its_prompt(
    stage: Stage,
) -> None:
    server = stage.server()
    client = stage.client()
    server.out.until("client X\n")
    y = stage.peer()
    client.out.until(PROMPT)
    y.heard.until("\n")
    y.close()
    sentence = "From Server: " + LEFT % "Y"
    assert client.out.until(sentence) == "\n" + sentence
    assert client.status() == 1
    assert client.err.rest() == (
        "order_client: the server left: nothing was sent\n"
    )
    assert server.status() == 1


def test_clients_that_never_close_do_not_hold_the_server(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    x.send(b"Alice\n")
    y.send(b"Bob\n")
    x.heard.rest()  # the server says that it will send no more
    y.heard.rest()
    assert server.status() == 0
    assert server.out.rest().endswith(
        "Client X did not close\nClient Y did not close\nDone.\n"
    )
