"""Does the reference server of `chat` keep the rules of core/chat.h?

Names, echoes, the record, places, asking for names and relaying.
"""

from __future__ import annotations

import re
import socket

import pytest

from chat_stage import ASK, FULL, ChatPeer, ChatStage
from chat_stage import open_stage  # noqa: F401 (a fixture)
from conversation import run

TIME = rb"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"


def test_clients_are_named_in_the_order_of_connecting(stage: ChatStage) -> None:
    server = stage.server()
    for number in (1, 2, 3):
        stage.guest(number)
        name = "Client%02d connected from 127.0.0.1:" % number
        assert server.out.until("\n").startswith(name)


@pytest.mark.parametrize(
    "line",
    [
        b"hello world",
        b"",
        b"  spaces  around  ",
        b"tab\tand \033[2J control",
        "gr\u00fc\u00df \U0001f600".encode(),
        bytes(range(128, 256)),
        b"status please",
        b"STATUS",
        b"File a: 3 bytes",
        b"%s%n%d",
        b"a" * 4096,
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_line_comes_back_with_ack(stage: ChatStage, line: bytes) -> None:
    stage.server()
    peer = stage.guest(1)
    assert peer.ask(line) == line + b" ACK\n"


@pytest.mark.parametrize(
    "sent, answers",
    [
        (b"a\r\n", [b"a ACK\n"]),
        (b"a\nb\r\nc\n", [b"a ACK\n", b"b ACK\n", b"c ACK\n"]),
        (b"a\0", [b"a ACK\n"]),
        (b"a\n\0b\n\0", [b"a ACK\n", b"b ACK\n"]),
        (b"a", [b"a ACK\n"]),  # a pause ends it
        (b"\r", [b" ACK\n"]),
    ],
)
def test_a_line_ends_in_many_ways(
    stage: ChatStage, sent: bytes, answers: "list[bytes]"
) -> None:
    stage.server()
    peer = stage.guest(1)
    peer.send(sent)
    assert peer.lines(len(answers)) == answers
    assert peer.ask(b"next") == b"next ACK\n"


def test_a_line_byte_by_byte_is_one_line(stage: ChatStage) -> None:
    stage.server()
    peer = stage.guest(1)
    for byte in b"hello world":
        peer.send(bytes([byte]))
    assert peer.ask(b"!") == b"hello world! ACK\n"


@pytest.mark.parametrize("size", [4097, 4098, 100000])
def test_a_line_that_is_too_long_gets_an_answer(
    stage: ChatStage, size: int
) -> None:
    stage.server()
    peer = stage.guest(1)
    refused = b"Line refused: it is longer than 4096 bytes\n"
    assert peer.ask(b"a" * size) == refused
    assert peer.ask(b"next") == b"next ACK\n"
    peer.send(b"a" * size)  # and no end
    assert peer.line() == refused


def test_the_record_knows_who_is_here_and_who_has_left(
    stage: ChatStage,
) -> None:
    server = stage.server()
    first, second = stage.guest(1), stage.guest(2)
    here = rb"Client0%d connected at " + TIME
    lines = second.counted(b"status")
    assert re.fullmatch(here % 1 + b"\n", lines[0])
    assert re.fullmatch(here % 2 + b"\n", lines[1])
    first.send(b"exit\n")
    assert first.rest() == b""
    server.out.until("Client01 disconnected at ")
    lines = second.counted(b" status ")
    assert re.fullmatch(here % 1 + b", left at " + TIME + b"\n", lines[0])
    assert re.fullmatch(here % 2 + b"\n", lines[1])


def test_a_fourth_client_is_turned_away(stage: ChatStage) -> None:
    server = stage.server()
    peers = [stage.guest(number) for number in (1, 2, 3)]
    assert stage.peer().rest() == FULL
    server.out.until("Turned a client away: the server is full\n")
    assert peers[0].ask(b"still here") == b"still here ACK\n"
    peers[1].send(b"exit\n")
    assert peers[1].rest() == b""
    assert stage.guest(4).ask(b"hello") == b"hello ACK\n"
    assert stage.peer().rest() == FULL


def test_one_that_was_turned_away_gets_no_answers(stage: ChatStage) -> None:
    stage.server("--max-clients", "1")
    stage.guest(1)
    peer = stage.peer()
    peer.send(b"hello\nstatus\n")
    assert peer.rest() == FULL


@pytest.mark.parametrize("leave", [ChatPeer.close, ChatPeer.reset])
@pytest.mark.parametrize("before", [b"", b"half a li", b"hello\n", b"get big\n"])
def test_a_client_that_vanishes_frees_its_place(
    stage: ChatStage, leave: "object", before: bytes
) -> None:
    assert callable(leave)
    stage.put("big", bytes(30_000_000))
    server = stage.server("--max-clients", "1")
    for number in (1, 2, 3):
        peer = stage.guest(number)
        peer.send(before)
        leave(peer)
        server.out.until("Client%02d disconnected at " % number)
    assert stage.guest(4).ask(b"hello") == b"hello ACK\n"


def test_what_was_said_before_closing_is_answered(stage: ChatStage) -> None:
    server = stage.server()
    stage.put("a", b"12345")
    peer = stage.guest(1)
    peer.send(b"one\nget a\nget a\ntwo")
    peer.half_close()
    file = b"File a: 5 bytes\n12345"
    assert peer.rest() == b"one ACK\n" + file + file + b"two ACK\n"
    server.out.until("Client01 disconnected at ")


def test_nothing_after_exit_is_answered(stage: ChatStage) -> None:
    stage.server()
    peer = stage.guest(1)
    peer.send(b"one\nexit\ntwo\nstatus\n")
    assert peer.rest() == b"one ACK\n"


def test_one_that_does_not_close_after_exit_holds_no_place(
    stage: ChatStage,
) -> None:
    server = stage.server("--max-clients", "1")
    stays = stage.guest(1)
    stays.send(b"exit\n")
    server.out.until("Client01 disconnected at ")
    assert stage.guest(2).ask(b"hello") == b"hello ACK\n"
    assert stays.rest() == b""


def test_a_silent_client_holds_up_nobody(stage: ChatStage) -> None:
    stage.server()
    stage.guest(1)
    half = stage.guest(2)
    half.send(b"half a li")
    talks = stage.guest(3)
    for number in range(100):
        assert talks.ask(b"%d" % number) == b"%d ACK\n" % number


def test_names_are_asked_for(stage: ChatStage) -> None:
    server = stage.server("--ask-name")
    peer = stage.named("Two Words")
    server.out.until("Client01 is called Two Words\n")
    assert peer.ask(b"hello") == b"hello ACK\n"
    assert peer.ask(b"list") == b"list ACK\n"
    assert peer.line() == b"Files: 0\n"
    assert peer.ask(b"status") == b"status ACK\n"
    assert peer.line() == b"Clients: 1\n"
    assert peer.line().startswith(b"Client01 (Two Words) connected at ")
    assert peer.ask(b"get a") == b"get a ACK\n"
    assert peer.line() == b"No such file: a\n"
    peer.send(b"exit\n")
    assert peer.rest() == b""


@pytest.mark.parametrize(
    "name, why",
    [
        (b"Taken", b"somebody else has it"),
        (b" Taken ", b"somebody else has it"),
        (b"Client07", b"it could be taken for somebody else"),
        (b"File a", b"it could be taken for somebody else"),
        (b"a:b", b"it has a colon in it"),
        (b"\033[2J", b"it has a control character in it"),
        (b"n" * 33, b"it is too long"),
        (b"n" * 4096, b"it is too long"),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_a_wrong_name_is_refused(
    stage: ChatStage, name: bytes, why: bytes
) -> None:
    stage.server("--ask-name")
    stage.named("Taken")
    peer = stage.peer()
    assert peer.line() == ASK
    assert peer.ask(name) == b"Name refused: " + why + b"\n"
    assert peer.line() == ASK
    assert peer.ask(b"Free") == b"Your name is set as: Free\n"


def test_an_empty_name_keeps_the_given_one(stage: ChatStage) -> None:
    stage.server("--ask-name")
    peer = stage.peer()
    assert peer.line() == ASK
    assert peer.ask(b"") == b"Your name is set as: Client01\n"


def test_who_was_asked_for_a_name_may_leave(stage: ChatStage) -> None:
    server = stage.server("--ask-name", "--max-clients", "1")
    peer = stage.peer()
    assert peer.line() == ASK
    peer.send(b"exit\n")
    assert peer.rest() == b""
    server.out.until("Client01 disconnected at ")
    stage.named("Next")


def test_messages_are_relayed(stage: ChatStage) -> None:
    stage.put("a", b"12345")
    stage.server("--ask-name", "--relay")
    one, other = stage.named("One"), stage.named("Other")
    nameless = stage.peer()
    assert one.ask(b"hello there") == b"hello there ACK\n"
    assert other.line() == b"One: hello there\n"
    assert one.ask(b"list") == b"list ACK\n"  # a command is not relayed
    assert one.lines(2) == [b"Files: 1\n", b"a\n"]
    one.send(b"exit\n")
    assert one.rest() == b""
    assert other.ask(b"alone") == b"alone ACK\n"
    assert nameless.ask(b"Third") == ASK
    assert nameless.line() == b"Your name is set as: Third\n"
    assert nameless.ask(b"hi") == b"hi ACK\n"
    assert other.line() == b"Third: hi\n"


def test_given_names_are_relayed_too(stage: ChatStage) -> None:
    stage.server("--relay")
    one, other = stage.guest(1), stage.guest(2)
    assert one.ask(b"hello") == b"hello ACK\n"
    assert other.line() == b"Client01: hello\n"


@pytest.mark.parametrize(
    "options, why",
    [
        (("--port", "x"), "a port is a number from 0 to 65535"),
        (("--max-clients", "0"), "the number of clients is from 1 to 100000"),
        (("--max-clients", "3x"), "the number of clients is from 1 to 100000"),
        (("extra",), "too many arguments"),
        (("--nothing",), "this is no option"),
    ],
)
def test_wrong_usage_is_said(options: "tuple[str, ...]", why: str) -> None:
    status, out, err = run("chat_server", *options)
    assert (status, out) == (2, "")
    assert "chat_server: %s\n" % why in err


def test_help_is_printed() -> None:
    for name in ("chat_server", "chat_client"):
        status, out, err = run(name, "--help")
        assert (status, err) == (0, "")
        assert out.startswith("usage: %s " % name)


def test_what_cannot_work_is_said(stage: ChatStage) -> None:
    status, _, err = run("chat_server", "--repository", "/nonexistent")
    assert (status, err) == (
        1,
        "chat_server: /nonexistent: No such file or directory\n",
    )
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        status, _, err = run("chat_server", "--port", port)
    assert (status, err) == (
        1,
        "chat_server: cannot listen: Address already in use\n",
    )
