"""Does the reference client of `chat` get on with its server, and any other?

A client saves what it was asked to save, into its folder, over nothing.
"""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path
from typing import Iterator

import pytest

from chat_stage import HINT, PROMPT, ChatStage
from chat_stage import open_stage  # noqa: F401 (a fixture)
from conversation import LIMIT_S, Peer, Running, run

GREETING = HINT + "Connected as Client01\n" + PROMPT


@pytest.fixture(name="home")
def go_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The current folder of the clients that are started."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    return home


def say(client: Running, text: str) -> str:
    """Type a line: what is shown up to the next prompt."""
    client.type(text + "\n")
    return client.out.until("\n" + PROMPT)


def test_a_conversation(stage: ChatStage) -> None:
    server = stage.server()
    client = stage.client()
    assert client.out.until(PROMPT) == GREETING
    assert say(client, "hello") == "hello ACK\n" + PROMPT
    assert say(client, "") == " ACK\n" + PROMPT
    record = say(client, "status")
    assert record.startswith("Clients: 1\nClient01 connected at ")
    assert say(client, "list") == "Files: 0\n" + PROMPT
    assert say(client, "get a") == "No such file: a\n" + PROMPT
    client.type("exit\n")
    assert client.out.rest() == "Disconnected\n"
    assert client.status() == 0
    server.out.until("Client01 disconnected at ")


def test_the_end_of_the_input_means_exit(stage: ChatStage) -> None:
    stage.server()
    client = stage.client()
    client.type("hello\nwithout an end")
    client.end_input()
    shown = client.out.rest()
    assert "hello ACK\n" in shown
    assert "without an end ACK\n" in shown
    assert shown.endswith("Disconnected\n")
    assert client.status() == 0


def test_a_fourth_client_is_told_so(stage: ChatStage) -> None:
    stage.server("--max-clients", "1")
    stage.guest(1)
    client = stage.client()
    shown = client.out.rest()
    assert shown.startswith(HINT + "Server is full, try again later.\n")
    assert client.status() == 1
    assert client.err.rest().startswith("chat_client: the server left: ")


def test_names_are_given_and_messages_heard(stage: ChatStage) -> None:
    stage.server("--ask-name", "--relay")
    one = stage.client("--name", "One")
    set_as = "Please enter a name:\nYour name is set as: %s\n" + PROMPT
    assert one.out.until("set as: One\n" + PROMPT) == HINT + set_as % "One"
    other = stage.client()
    other.out.until("Please enter a name:\n" + PROMPT)
    assert say(other, "One") == (
        "Name refused: somebody else has it\nPlease enter a name:\n" + PROMPT
    )
    assert say(other, "Other") == "Your name is set as: Other\n" + PROMPT
    assert say(one, "hello") == "hello ACK\n" + PROMPT
    assert other.out.until(PROMPT) == "\nOne: hello\n" + PROMPT


def test_a_name_that_is_taken_is_not_sent_again(stage: ChatStage) -> None:
    stage.server("--ask-name")
    stage.named("One")
    client = stage.client("--name", "One")
    client.out.until("Name refused: somebody else has it\n")
    assert client.out.until(PROMPT) == "Please enter a name:\n" + PROMPT


CONTENTS = {
    "empty": b"",
    "one byte": b"x",
    "all bytes": bytes(range(256)) * 300,
    "gr\u00fc\u00df \U0001f600.txt": b"Client01: hello\n",
    "big": bytes(64 << 20),
}


@pytest.mark.parametrize("name", sorted(CONTENTS), ids=lambda n: ascii(n)[:30])
@pytest.mark.parametrize("request_", ["get %s", "%s"])
def test_a_file_is_saved(
    stage: ChatStage, home: Path, name: str, request_: str
) -> None:
    data = CONTENTS[name]
    stage.put(name, data)
    stage.server()
    client = stage.client()
    client.out.until(GREETING)
    saved = "Saved %s (%d bytes)\n" % (name, len(data))
    client.type(request_ % name + "\n")
    client.out.until(saved)
    got = hashlib.sha256((home / name).read_bytes()).hexdigest()
    assert got == hashlib.sha256(data).hexdigest()
    assert "next ACK\n" in say(client, "next")
    assert os.listdir(str(home)) == [name]


def test_many_requests_at_once(stage: ChatStage, home: Path) -> None:
    for number in range(40):
        stage.put("f%d" % number, b"%d" % number * 5000)
    stage.server()
    client = stage.client()
    client.type("".join("get f%d\n" % n for n in range(40)) + "exit\n")
    client.out.rest()
    assert client.status() == 0
    for number in range(40):
        data = (home / ("f%d" % number)).read_bytes()
        assert data == b"%d" % number * 5000


def test_nothing_is_overwritten(stage: ChatStage, home: Path) -> None:
    stage.put("a", b"new")
    outside = stage.folder / "outside"
    (home / "a").write_bytes(b"old")
    (home / "a.1").symlink_to(outside)
    stage.server()
    client = stage.client()
    client.type("get a\nget a\nexit\n")
    shown = client.out.rest()
    assert "Saved a as a.2 (3 bytes)\n" in shown
    assert "Saved a as a.3 (3 bytes)\n" in shown
    assert (home / "a").read_bytes() == b"old"
    assert (home / "a.2").read_bytes() == b"new"
    assert not outside.exists()


class OtherServer:
    """A server of our own hand, and the client that has come to it."""

    def __init__(self, stage: ChatStage) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(LIMIT_S)
        stage.port = self.listener.getsockname()[1]
        self.client = stage.client()
        self.peer = Peer(self.listener.accept()[0])

    def close(self) -> None:
        self.listener.close()
        self.peer.close()


@pytest.fixture(name="other")
def open_other(stage: ChatStage, home: Path) -> Iterator[OtherServer]:
    made = OtherServer(stage)
    yield made
    made.close()


HOSTILE = ["../a", "/tmp/a", "..", ".a", "a/b", "a\033b", "n" * 300]


@pytest.mark.parametrize("name", HOSTILE, ids=lambda name: repr(name)[:30])
def test_a_file_is_not_saved_elsewhere(
    other: OtherServer, home: Path, name: str
) -> None:
    client, server = other.client, other.peer
    client.out.until(PROMPT)
    client.type("get %s\n" % name)
    server.heard.until("\n")
    server.send(b"File %s: 3 bytes\nabc\n" % name.encode())
    assert client.out.until("abc\n").startswith("File ")
    server.close()
    assert "Saved" not in client.out.rest()
    assert os.listdir(str(home)) == []
    assert os.listdir(str(home.parent)).count("a") == 0


def test_a_file_that_nobody_asked_for_is_not_saved(
    other: OtherServer, home: Path
) -> None:
    client, server = other.client, other.peer
    client.out.until(PROMPT)
    client.type("get b\n")
    server.heard.until("\n")
    server.send(b"File a: 3 bytes\nabc\nFile b: 3 bytes\nabc")
    client.out.until("Saved b (3 bytes)\n")
    server.send(b"File b: 3 bytes\nabc\n")  # once is enough
    client.out.until("abc\n")
    assert os.listdir(str(home)) == ["b"]


@pytest.mark.parametrize("size", [0, 1, 99999])
def test_a_file_that_does_not_arrive_whole_is_removed(
    other: OtherServer, home: Path, size: int
) -> None:
    client, server = other.client, other.peer
    client.out.until(PROMPT)
    client.type("get a\n")
    server.heard.until("\n")
    server.send(b"File a: 100000 bytes\n" + b"x" * size)
    server.close()
    assert "Not saved: a: " in client.out.rest()
    assert client.status() == 1
    assert os.listdir(str(home)) == []


def test_what_cannot_be_saved_is_dropped(other: OtherServer, home: Path) -> None:
    client, server = other.client, other.peer
    name = "n" * 255
    (home / name).mkdir()  # and no longer name is possible
    client.out.until(PROMPT)
    client.type("get %s\n" % name)
    server.heard.until("\n")
    server.send(b"File %s: 5 bytes\na\nb\nchello\n" % name.encode())
    shown = client.out.until("hello\n")
    assert shown.endswith("Not saved: %s: File name too long\nhello\n" % name)


def test_other_servers_are_understood(other: OtherServer) -> None:
    """Without line ends, with control characters, with endless lines."""
    client, server = other.client, other.peer
    server.send(b"Welcome")
    assert client.out.until(PROMPT) == HINT + "Welcome\n" + PROMPT
    client.type("hello\n")
    server.heard.until("\n")
    server.send(b"helloACK")
    assert client.out.until(PROMPT) == "helloACK\n" + PROMPT
    server.send(b"\033[2Jboo\n")
    assert client.out.until(PROMPT) == "\n?[2Jboo\n" + PROMPT
    server.send(b"y" * 100000 + b"\nnext\n")
    shown = client.out.until("next\n")
    assert "(a line that is too long was left out)\n" in shown


def test_a_server_that_does_not_close_is_left(other: OtherServer) -> None:
    client, server = other.client, other.peer
    client.out.until(PROMPT)
    client.type("exit\n")
    assert server.heard.until("\n") == "exit\n"
    assert client.out.rest() == "Disconnected\n"
    assert client.status() == 0


@pytest.mark.parametrize("leave", [Peer.close, Peer.reset])
def test_a_server_that_vanishes_is_noticed(
    other: OtherServer, leave: "object"
) -> None:
    assert callable(leave)
    other.client.out.until(PROMPT)
    leave(other.peer)
    assert other.client.status() == 1
    assert other.client.err.rest().startswith("chat_client: the server left: ")


def test_a_line_that_is_too_long_is_not_sent(other: OtherServer) -> None:
    client, server = other.client, other.peer
    client.out.until(PROMPT)
    client.type("z" * 4097 + "\n" + "y" * 4096 + "\n")
    client.out.until("Not sent: longer than 4096 bytes\n")
    assert server.heard.until("\n") == "y" * 4096 + "\n"


def test_wrong_usage_is_said() -> None:
    for options, why in [
        (("--port", "0"), "a port is a number from 1 to 65535"),
        (("--name", "a:b"), "it has a colon in it"),
        (("extra",), "too many arguments"),
        (("--nothing",), "this is no option"),
    ]:
        status, out, err = run("chat_client", *options)
        assert (status, out) == (2, "")
        assert "chat_client: %s\n" % why in err


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
    status, _, err = run("chat_client", "--port", port)
    assert status == 1
    assert err == (
        "chat_client: cannot connect to 127.0.0.1 port %s: "
        "Connection refused\n" % port
    )
