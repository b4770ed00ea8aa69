"""Does a State answer what scenarios and checks ask of a moment?"""

from __future__ import annotations

from typing import Any, Dict

import pytest

from grader.state import State, address_of, port_of

SOCKET: Dict[str, Any] = {
    "host": "h1",
    "state": "ESTABLISHED",
    "local": "10.0.0.1:12000",
    "peer": "10.0.0.2:40000",
    "recv_q": 0,
    "send_q": 0,
    "inode": 7,
}


def state(*parts: Dict[str, Any], **fields: Any) -> State:
    """A state of threads (with "wait") and sockets (without)."""
    event = {
        "n": 3,
        "ev": "state",
        "outcome": "settled",
        "threads": [part for part in parts if "wait" in part],
        "sockets": [
            {**SOCKET, **part} for part in parts if "wait" not in part
        ],
    }
    return State({**event, **fields})


def test_an_empty_state_answers_no_to_all() -> None:
    empty = state()
    assert (empty.n, empty.outcome, empty.starved) == (3, "settled", False)
    assert not empty.runs("server") and not empty.reads_terminal("server")
    assert not empty.listeners("server") and not empty.connections("server")
    assert not empty.on_host("h1") and not empty.waits("server")
    assert state(starved=True).starved


def test_a_program_reads_its_terminal_by_read_or_by_poll() -> None:
    read = {"program": "h2", "wait": "terminal"}
    poll = {"program": "h3", "wait": "poll", "terminal": True}
    other = {"program": "h4", "wait": "poll"}
    seen = state(read, poll, other)
    assert [seen.reads_terminal(p) for p in ("h2", "h3", "h4", "h5")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert [seen.runs(p) for p in ("h4", "h5")] == [True, False]


def test_waits_are_those_of_the_program_s_threads() -> None:
    seen = state(
        {"program": "server", "wait": "accept"},
        {"program": "h2", "wait": "terminal"},
        {"program": "server", "wait": "futex"},
    )
    assert seen.waits("server") == ("accept", "futex")


def test_listeners_and_connections_are_those_that_the_program_has_open() -> None:
    seen = state(
        {"state": "LISTEN", "program": "server", "peer": "0.0.0.0:0"},
        {"state": "ESTABLISHED", "program": "server"},
        {"state": "ESTABLISHED", "inode": 0},  # not accepted yet
        {"state": "LISTEN", "program": "h2", "host": "h2"},
    )
    assert [s.state for s in seen.listeners("server")] == ["LISTEN"]
    assert [s.state for s in seen.connections("server")] == ["ESTABLISHED"]
    assert len(seen.on_host("h1")) == 3 and len(seen.on_host("h2")) == 1


@pytest.mark.parametrize(
    "name, connected, unread",
    [
        ("ESTABLISHED", True, 5),
        ("FIN_WAIT1", True, 5),
        ("FIN_WAIT2", True, 5),
        # the other side's end counts as one byte in the kernel's account
        ("CLOSE_WAIT", True, 4),
        ("LAST_ACK", False, 4),
        ("CLOSING", False, 4),
        ("SYN_SENT", False, 5),
        ("TIME_WAIT", False, 5),
        ("LISTEN", False, 5),
        ("CLOSE", False, 5),
    ],
)
def test_what_a_socket_s_state_means(
    name: str, connected: bool, unread: int
) -> None:
    (socket,) = state({"state": name, "recv_q": 5}).sockets
    assert (socket.connected, socket.unread) == (connected, unread)


def test_an_end_that_was_read_is_not_less_than_nothing() -> None:
    (socket,) = state({"state": "CLOSE_WAIT", "recv_q": 0}).sockets
    assert socket.unread == 0


@pytest.mark.parametrize(
    "endpoint, address, port",
    [
        ("10.0.0.1:12000", "10.0.0.1", 12000),
        ("0.0.0.0:0", "0.0.0.0", 0),
        ("[::1]:80", "::1", 80),
        ("[::ffff:10.0.0.1]:5", "::ffff:10.0.0.1", 5),
    ],
)
def test_the_parts_of_an_endpoint(
    endpoint: str, address: str, port: int
) -> None:
    assert (address_of(endpoint), port_of(endpoint)) == (address, port)
    (socket,) = state({"local": endpoint}).sockets
    assert (socket.address, socket.port) == (address, port)


def test_who_sleeps() -> None:
    now = state({"program": "h2", "wait": "sleep"}, {"program": "h3", "wait": "poll"})
    assert now.sleeps("h2") and not now.sleeps("h3") and not now.sleeps("server")
