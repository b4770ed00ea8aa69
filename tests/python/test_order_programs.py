"""Do the reference programs of the lab `order` do what the handout says?

The built programs are driven by conversation: over loopback, on ports that
the kernel chooses, through pipes and a pseudo-terminal. Every wait is for a
line, for bytes or for the end of something, with a deadline.
"""

from __future__ import annotations

import os
import pty
import signal
import socket
import subprocess
from typing import List

import pytest

from conversation import BIN, LIMIT_S, Stream, run
from order_stage import ASKING, CLOSING, LEFT, PROMPT, Stage, WAITING, exchange
from order_stage import open_stage  # noqa: F401 (a fixture)


@pytest.mark.parametrize("x_is_alice", [True, False])
@pytest.mark.parametrize("x_sends_first", [True, False])
@pytest.mark.parametrize("options", [[], ["--no-newline"]])
def test_both_clients_learn_whose_message_arrived_first(
    stage: Stage, x_is_alice: bool, x_sends_first: bool, options: List[str]
) -> None:
    server = stage.server()
    names = ("Alice", "Bob") if x_is_alice else ("Bob", "Alice")
    clients = {}
    for letter, place in (("X", "first"), ("Y", "second")):
        clients[letter] = stage.client(*options)
        server.out.until(
            "Accepted %s connection, calling it client %s\n" % (place, letter)
        )
    assert server.out.until("\n") == ASKING
    for letter, client in clients.items():
        greeting = "From Server: Client %s connected\n" % letter
        assert client.out.until(PROMPT) == greeting + PROMPT

    said = dict(zip("XY", names))
    first, second = ("X", "Y") if x_sends_first else ("Y", "X")
    for number, letter in ((1, first), (2, second)):
        clients[letter].type(said[letter] + "\n")
        line = server.out.until("\n")
        expected = (letter, number, said[letter])
        assert line == "Client %s sent message %d: %s\n" % expected

    answer = (first, said[first], second, said[second])
    for letter, client in clients.items():
        sent = "Sent: %s\n" % said[letter]
        line = "From Server: %s: %s received before %s: %s\n" % answer
        assert client.out.rest() == sent + line
        assert client.status() == 0
    acknowledged = "Sent acknowledgment to both X and Y\n"
    assert server.out.rest() == acknowledged + CLOSING
    assert server.status() == 0
    assert server.err.rest() == ""


def test_a_person_at_a_terminal_sees_prompt_and_answer(stage: Stage) -> None:
    server = stage.server()
    own, theirs = pty.openpty()
    process = subprocess.Popen(
        [str(BIN / "order_client"), "--port", str(stage.port)],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    screen = Stream(own)
    try:
        server.out.until("client X\n")
        y = stage.peer()
        screen.until(PROMPT)
        os.write(own, b"\nAlice\n")
        screen.until("Sent: Alice\n")
        server.out.until("message 1: Alice\n")
        y.send(b"Bob\n")
        screen.until("From Server: X: Alice received before Y: Bob\n")
        assert process.wait(LIMIT_S) == 0
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        os.close(own)


def test_messages_that_wait_together_are_answered_alike(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    server.process.send_signal(signal.SIGSTOP)
    x.send(b"same\n")
    y.send(b"same\n")
    server.process.send_signal(signal.SIGCONT)
    answer = x.heard.until("\n")
    assert answer == y.heard.until("\n")
    assert answer in (
        "X: same received before Y: same\n",
        "Y: same received before X: same\n",
    )
    x.close()
    y.close()
    assert server.status() == 0


def test_a_third_client_is_refused(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    with pytest.raises(ConnectionRefusedError):
        stage.peer()
    x.send(b"Alice\n")
    server.out.until("Alice\n")
    y.send(b"Bob\n")
    assert x.heard.until("\n") == "X: Alice received before Y: Bob\n"


def test_forever_serves_pair_after_pair(stage: Stage) -> None:
    server = stage.server("--forever")
    for _ in range(3):
        exchange(server, *stage.pair(server))
        assert server.out.until("\n") == WAITING


def test_forever_goes_on_after_a_client_left(stage: Stage) -> None:
    server = stage.server("--forever")
    x, y = stage.pair(server)
    x.close()
    assert y.heard.rest() == LEFT % "X"
    y.close()
    assert server.out.until(WAITING) == LEFT % "X" + CLOSING + WAITING
    exchange(server, *stage.pair(server))


def test_forever_makes_a_third_client_the_next_x(stage: Stage) -> None:
    server = stage.server("--forever")
    pair = stage.pair(server)
    third = stage.peer()
    exchange(server, *pair)
    assert server.out.until("\n") == WAITING
    server.out.until("calling it client X\n")
    fourth = stage.peer()
    assert third.heard.until("\n") == "Client X connected\n"
    assert fourth.heard.until("\n") == "Client Y connected\n"


def test_a_port_is_free_again_at_once(stage: Stage) -> None:
    server = stage.server()
    x, y = stage.pair(server)
    exchange(server, x, y)
    assert server.status() == 0
    again = stage.start("order_server", "--port", str(stage.port))
    assert again.out.until("\n") == "Listening on port %d\n" % stage.port


@pytest.mark.parametrize("name", ["order_server", "order_client"])
def test_help_goes_to_standard_output(name: str) -> None:
    status, out, err = run(name, "--help")
    assert (status, err) == (0, "")
    assert out.startswith("usage: %s " % name)
    assert "--host" in out and "--port" in out and "12000" in out


@pytest.mark.parametrize("name", ["order_server", "order_client"])
@pytest.mark.parametrize(
    "options",
    [
        ["--port"],
        ["--port", "65536"],
        ["--port", "12x"],
        ["--port", ""],
        ["--port", "-1"],
        ["--nonsense"],
        ["extra"],
    ],
)
def test_wrong_usage_is_status_2(name: str, options: List[str]) -> None:
    status, out, err = run(name, *options)
    assert (status, out) == (2, "")
    assert name in err and "usage: " in err


def test_a_port_that_is_taken_is_said() -> None:
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, out, err = run("order_server", "--port", port)
    assert (status, out) == (1, "")
    assert err == "order_server: cannot listen: Address already in use\n"


def test_a_host_can_be_given(stage: Stage) -> None:
    stage.server("--host", "127.0.0.2")
    with pytest.raises(ConnectionRefusedError):
        stage.peer()
    stage.client("--host", "127.0.0.2")
    assert stage.programs[0].out.until("\n").startswith("Accepted first")


def test_a_server_that_is_not_there_is_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    status, out, err = run("order_client", "--port", str(port))
    assert (status, out) == (1, "")
    assert err == (
        "order_client: cannot connect to 127.0.0.1 port %d: "
        "Connection refused\n" % port
    )
