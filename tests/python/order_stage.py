"""Who is on stage when the programs of the lab `order` are tested?

The built server and client, and bare connections in the place of either.
Whatever a test started ends with it.
"""

from __future__ import annotations

import socket
from typing import Callable, Iterator, List, Tuple

import pytest

from conversation import LIMIT_S, Peer, Running

#: A way to go: Peer.close or Peer.reset.
Leave = Callable[[Peer], None]

WAITING = "The server is waiting to receive 2 connections....\n"
ASKING = "Waiting to receive messages from client X and client Y....\n"
CLOSING = "Waiting a bit for clients to close their connections\nDone.\n"
PROMPT = "Enter message to send to server: "
LEFT = "Client %s left before it sent a message\n"
PAUSE_S = 0.2  # MESSAGE_PAUSE_MS of net/message.h


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
        server = self.start("order_server", "--port", "0", *options)
        line = server.out.until("\n")
        assert line.startswith("Listening on port ")
        self.port = int(line.split()[-1])
        assert server.out.until("\n") == WAITING
        return server

    def client(self, *options: str) -> Running:
        return self.start("order_client", "--port", str(self.port), *options)

    def peer(self) -> Peer:
        sock = socket.create_connection(("127.0.0.1", self.port), LIMIT_S)
        self.peers.append(Peer(sock))
        return self.peers[-1]

    def pair(self, server: Running) -> Tuple[Peer, Peer]:
        """Two peers that were greeted: X and Y."""
        x = self.peer()
        accepted = "Accepted %s connection, calling it client %s\n"
        assert server.out.until("\n") == accepted % ("first", "X")
        y = self.peer()
        assert server.out.until("\n") == accepted % ("second", "Y")
        assert server.out.until("\n") == ASKING
        assert x.heard.until("\n") == "Client X connected\n"
        assert y.heard.until("\n") == "Client Y connected\n"
        return x, y

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


class OtherServer:
    """A server of our own hand, to try the client with."""

    def __init__(self, stage: Stage) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(LIMIT_S)
        stage.port = self.listener.getsockname()[1]
        self.stage = stage

    def accept(self) -> Peer:
        sock = self.listener.accept()[0]
        peer = Peer(sock)
        self.stage.peers.append(peer)
        return peer


@pytest.fixture(name="other")
def open_other(stage: Stage) -> Iterator[OtherServer]:
    server = OtherServer(stage)
    yield server
    server.listener.close()


def exchange(server: Running, x: Peer, y: Peer) -> None:
    """Let Y send first, and compare every line of the server."""
    y.send(b"Bob\n")
    assert server.out.until("\n") == "Client Y sent message 1: Bob\n"
    x.send(b"Alice\n")
    assert server.out.until("\n") == "Client X sent message 2: Alice\n"
    answer = "Y: Bob received before X: Alice\n"
    assert x.heard.until("\n") == answer
    assert y.heard.until("\n") == answer
    x.close()
    y.close()
    line = "Sent acknowledgment to both X and Y\n"
    assert server.out.until("Done.\n") == line + CLOSING
