"""Do the reference programs of `sum` work together, and with others?

The server is tried with every way to write a name and a number, the client
with every answer; both with programs that leave.
"""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Callable, Iterator, List

import pytest

from conversation import LIMIT_S, Peer, Running, run

PROMPT = "Enter an integer: "
LINES = (
    "{name} has connected to Server of {server}\n"
    "Client's number: {n}\nServer's number: {m}\nSum: {n} + {m} = {sum}\n"
)


class Stage:
    """Starts what a test needs, and ends all of it."""

    def __init__(self) -> None:
        self.programs: List[Running] = []
        self.peers: List[Peer] = []
        self.port = 0

    def start(self, name: str, *options: str) -> Running:
        program = Running(name, *options)
        self.programs.append(program)
        return program

    def server(self, *options: str) -> Running:
        server = self.start("sum_server", "--port", "0", *options)
        line = server.out.until("\n")
        assert line.startswith("Listening on port ")
        self.port = int(line.split()[-1])
        return server

    def client(self, *options: str) -> Running:
        return self.start("sum_client", "--port", str(self.port), *options)

    def peer(self) -> Peer:
        sock = socket.create_connection(("127.0.0.1", self.port), LIMIT_S)
        self.peers.append(Peer(sock))
        return self.peers[-1]

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        for program in self.programs:
            program.close()


@pytest.fixture(name="stage")
def open_stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.close()


def is_served(
    server: Running, name: str, n: int, m: int = 42, own: str = "Lab"
) -> bool:
    """Does the server show the exchange, and nothing else before it?"""
    wanted = LINES.format(name=name, server=own, n=n, m=m, sum=n + m)
    return server.out.until("= %d\n" % (n + m)) == wanted


@pytest.mark.parametrize("number", [1, 17, 58, 100])
def test_an_exchange(stage: Stage, number: int) -> None:
    server = stage.server("--name", "Kim Lab", "--number", "7")
    client = stage.client("--name", "Two Words")
    assert client.out.until(PROMPT) == PROMPT
    client.type("%d\n" % number)
    assert client.out.rest() == (
        "Client of Two Words: %d\nFrom Server: Server of Kim Lab: 7\n"
        "Sum: %d + 7 = %d\n" % (number, number, number + 7)
    )
    assert client.status() == 0
    assert is_served(server, "Two Words", number, 7, "Kim Lab")


def test_one_client_after_another_is_served(stage: Stage) -> None:
    server = stage.server()
    clients = [stage.client() for _ in range(10)]
    for number, client in enumerate(clients, 1):
        client.type("%d\n" % number)
        assert client.status() == 0
        assert is_served(server, "Student", number)


@pytest.mark.parametrize("number", [0, 101, -5, 999999999, -999999999])
def test_a_number_out_of_range_ends_the_server(
    stage: Stage, number: int
) -> None:
    server = stage.server()
    client = stage.client()
    client.type("%d\n" % number)
    assert "Sum: %d + 42 = %d\n" % (number, number + 42) in client.out.rest()
    assert client.status() == 0
    assert is_served(server, "Student", number)
    assert server.out.rest() == (
        "%d is outside 1 to 100: closing all sockets\n" % number
    )
    assert server.status() == 0
    with pytest.raises(ConnectionRefusedError):
        stage.peer()


@pytest.mark.parametrize(
    "sent",
    [
        b"Client of Kim: 17\n",
        b"Client of Kim: 17\r\n",
        b"Client of Kim: 17\0",
        b"Client of Kim: 17",  # a pause ends it
        b"  client of  Kim :17 \n",
        b"Kim: +17\n",
        b"Client of Kim: 17\nmore\n",
    ],
)
def test_a_sentence_is_understood_however_it_is_sent(
    stage: Stage, sent: bytes
) -> None:
    server = stage.server()
    peer = stage.peer()
    peer.send(sent)
    assert peer.heard.until("\n") == "Server of Lab: 42\n"
    assert is_served(server, "Kim", 17)


@pytest.mark.parametrize(
    "sent, why",
    [
        (b"\n", "it is empty"),
        (b"17\n", "it is not of the form `NAME: NUMBER`"),
        (b"Client of : 17\n", "it has no name"),
        (b"Client of Kim: x\n", "it is not an integer"),
        (b"Client of Kim: 1.5\n", "it is not an integer"),
        (b"Client of Kim:\n", "it is not an integer"),
        (b"Client of Kim: 99999999999999999999\n", "the number is too large"),
        (b"n" * 65 + b": 1\n", "its name is too long"),
        (b"n" * 257 + b"\n", "it is too long"),
        (b"n" * 1000000, "it is too long"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_what_is_not_understood_is_refused(
    stage: Stage, sent: bytes, why: str
) -> None:
    server = stage.server()
    peer = stage.peer()
    peer.send(sent)
    refused = "Message refused: %s\n" % why
    assert peer.heard.until("\n") == refused
    peer.close()
    assert server.out.until("\n") == refused
    other = stage.peer()  # and the next one is served
    other.send(b"Client of Kim: 17\n")
    assert is_served(server, "Kim", 17)


@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
@pytest.mark.parametrize("before", [b"", b"Client of Kim: 17\n"])
def test_a_client_that_leaves_harms_nobody(
    stage: Stage, leave: Callable[[Peer], None], before: bytes
) -> None:
    server = stage.server()
    peer = stage.peer()
    peer.send(before)
    if before:
        peer.heard.until("\n")
    leave(peer)
    stage.peer().send(b"Client of Next: 5\n")
    shown = server.out.until("Sum: 5 + 42 = 47\n")
    assert "Next has connected to Server of Lab\n" in shown


def test_a_silent_client_is_not_waited_for_for_ever(stage: Stage) -> None:
    server = stage.server("--patience", "50")
    silent = stage.peer()
    assert server.out.until("\n") == (
        "A client said nothing for 50 ms: closing its connection\n"
    )
    assert silent.heard.rest() == ""
    stage.peer().send(b"Client of Kim: 17\n")
    assert is_served(server, "Kim", 17)


@pytest.mark.parametrize(
    "typed, why",
    [
        ("", "it is empty"),
        ("  ", "it is empty"),
        ("x", "it is not an integer"),
        ("1.5", "it is not an integer"),
        ("1\0", "it is not an integer"),
        ("12345678901234567890", "the number is too large"),
        ("0" * 300 + "1", "it is too long"),
    ],
)
def test_the_client_asks_until_it_has_an_integer(
    stage: Stage, typed: str, why: str
) -> None:
    server = stage.server()
    client = stage.client()
    client.out.until(PROMPT)
    client.type(typed + "\n")
    assert client.out.until(PROMPT) == "Not sent: %s\n%s" % (why, PROMPT)
    client.type("17\n")
    assert client.status() == 0
    assert is_served(server, "Student", 17)


def test_the_client_needs_an_integer(stage: Stage) -> None:
    client = stage.start("sum_client")
    client.end_input()
    assert client.status() == 1
    wanted = "sum_client: nothing was sent: the input ended\n"
    assert client.err.rest() == wanted


@pytest.mark.parametrize(
    "answer, shown, status",
    [
        (b"Server of Kim: 5", "Server of Kim: 5\nSum: 17 + 5 = 22\n", 0),
        (b"Kim:5\r\n", "Kim:5\nSum: 17 + 5 = 22\n", 0),
        (b"Message refused: no\n", "Message refused: no\n", 1),
        (b"\033[2J\n", "?[2J\n", 1),
        (b"42\n", "42\n", 1),
    ],
)
def test_the_client_shows_any_answer(
    stage: Stage, answer: bytes, shown: str, status: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LIMIT_S)
        stage.port = listener.getsockname()[1]
        client = stage.client("--number", "17")
        server = Peer(listener.accept()[0])
        stage.peers.append(server)
        assert server.heard.until("\n") == "Client of Student: 17\n"
        server.send(answer)
        server.close()
        own = "Client of Student: 17\nFrom Server: "
        assert client.out.rest() == own + shown
        assert client.status() == status


@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
def test_a_server_that_leaves_is_noticed(
    stage: Stage, leave: Callable[[Peer], None]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LIMIT_S)
        stage.port = listener.getsockname()[1]
        client = stage.client("--number", "17")
        server = Peer(listener.accept()[0])
        server.heard.until("\n")
        leave(server)
        assert client.status() == 1
        wanted = "sum_client: the server left: it did not answer\n"
        assert client.err.rest() == wanted


@pytest.mark.parametrize(
    "program, options, why",
    [
        ("sum_server", ("--port", "65536"), "a port is a number from 0 to 65535"),
        ("sum_server", ("--number", "101"), "an integer from 1 to 100"),
        ("sum_server", ("--number", "x"), "an integer from 1 to 100"),
        ("sum_server", ("--name", ""), "a name is one line of 1 to 64 bytes"),
        ("sum_server", ("--patience", "0"), "a number of milliseconds"),
        ("sum_server", ("extra",), "too many arguments"),
        ("sum_client", ("--port", "0"), "a port is a number from 1 to 65535"),
        ("sum_client", ("--number", "x"), "an integer of at most 9 digits"),
        ("sum_client", ("--name", "a\nb"), "a name is one line"),
        ("sum_client", ("--nothing",), "this is no option"),
    ],
)
def test_wrong_usage_is_said(
    program: str, options: "tuple[str, ...]", why: str
) -> None:
    status, out, err = run(program, *options)
    assert (status, out) == (2, "")
    assert why in err


def test_help_is_printed() -> None:
    for name in ("sum_server", "sum_client"):
        status, out, err = run(name, "--help")
        assert (status, err) == (0, "")
        assert out.startswith("usage: %s " % name)


def test_nothing_but_the_listener_stays_open(stage: Stage) -> None:
    server = stage.server()
    folder = Path("/proc/%d/fd" % server.process.pid)
    before = len(list(folder.iterdir()))
    for number in range(1, 6):
        client = stage.client("--number", str(number))
        assert client.status() == 0
        assert is_served(server, "Student", number)
    peer = stage.peer()
    peer.send(b"x\n")
    assert peer.heard.until("\n").startswith("Message refused: ")
    peer.close()
    silent = stage.peer()  # it is accepted: the one before is closed
    silent.close()
    server.out.until("A client left before it sent anything\n")
    last = stage.peer()
    last.send(b"Client of Kim: 101\n")
    last.heard.until("\n")
    last.close()
    server.out.until("closing all sockets\n")
    assert before <= 4
    assert server.status() == 0
