"""Who is on stage when the programs of the lab `chat` are tested?

The built server and client, and bare connections in the place of a client.
Whatever a test started ends with it. Peers speak bytes: a file may hold any.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import time
from pathlib import Path
from typing import Iterator, List

import pytest

from conversation import LIMIT_S, Running

FULL = b"Server is full, try again later.\n"
ASK = b"Please enter a name:\n"
HINT = "Type a message, or one of: status, list, get NAME, exit\n"
PROMPT = "> "


class ChatPeer:
    """A bare connection to the server, read by lines and by sizes."""

    def __init__(self, port: int, small: bool = False) -> None:
        self.sock = socket.socket()
        self.sock.settimeout(LIMIT_S)
        if small:  # so that the kernel keeps little for a slow reader
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        self.sock.connect(("127.0.0.1", port))
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b""

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def line(self) -> bytes:
        """The next line, with its end; less at the end of the stream."""
        while b"\n" not in self.held:
            data = self.sock.recv(65536)
            if not data:
                taken, self.held = self.held, b""
                return taken
            self.held += data
        taken, _, self.held = self.held.partition(b"\n")
        return taken + b"\n"

    def lines(self, count: int) -> List[bytes]:
        return [self.line() for _ in range(count)]

    def ask(self, data: bytes) -> bytes:
        """Send a line, and the line that is answered."""
        self.send(data + b"\n")
        return self.line()

    def take(self, size: int) -> bytes:
        """The next `size` bytes; fewer at the end of the stream."""
        parts = [self.held[:size]]
        self.held = self.held[size:]
        left = size - len(parts[0])
        while left > 0:
            data = self.sock.recv(min(left, 1 << 20))
            if not data:
                break
            parts.append(data)
            left -= len(data)
        return b"".join(parts)

    def file(self, head: bytes) -> bytes:
        """The bytes of the file that `head` announces."""
        assert head.endswith(b" bytes\n"), head
        return self.take(int(head.split()[-2]))

    def counted(self, request: bytes) -> List[bytes]:
        """The lines of an answer that begins with their number."""
        head = self.ask(request)
        return self.lines(int(head.split()[-1]))

    def rest(self) -> bytes:
        """Everything up to the end, also when the connection is broken."""
        taken, self.held = self.held, b""
        while True:
            try:
                data = self.sock.recv(65536)
            except ConnectionResetError:
                data = b""
            if not data:
                return taken
            taken += data

    def half_close(self) -> None:
        self.sock.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        """Break the connection off, as a crash of the machine might."""
        at_once = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.sock.close()


class ChatStage:
    """Starts what a test needs, and ends all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "repository"
        self.folder.mkdir()
        self.programs: List[Running] = []
        self.peers: List[ChatPeer] = []
        self.port = 0

    def start(self, name: str, *options: str) -> Running:
        program = Running(name, *options)
        self.programs.append(program)
        return program

    def server(self, *options: str) -> Running:
        server = self.start(
            "chat_server",
            *("--port", "0", "--repository", str(self.folder)),
            *options,
        )
        line = server.out.until("\n")
        assert line.startswith("Listening on port ")
        self.port = int(line.split()[-1])
        return server

    def client(self, *options: str) -> Running:
        return self.start("chat_client", "--port", str(self.port), *options)

    def peer(self, small: bool = False) -> ChatPeer:
        """A connection that nothing was read from yet."""
        self.peers.append(ChatPeer(self.port, small))
        return self.peers[-1]

    def guest(self, number: int) -> ChatPeer:
        """A connection that was greeted under this number."""
        peer = self.peer()
        assert peer.line() == b"Connected as Client%02d\n" % number
        return peer

    def named(self, name: str) -> ChatPeer:
        """A connection to a server that asks for names."""
        peer = self.peer()
        assert peer.line() == ASK
        set_as = "Your name is set as: %s\n" % name
        assert peer.ask(name.encode()) == set_as.encode()
        return peer

    def put(self, name: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)

    def close(self) -> None:
        for peer in self.peers:
            peer.close()
        for program in self.programs:
            program.close()


@pytest.fixture(name="stage")
def open_stage(tmp_path: Path) -> Iterator[ChatStage]:
    made = ChatStage(tmp_path)
    yield made
    made.close()


def drain(program: Running) -> None:
    """Read what a program has printed so far, so that it never has to wait."""
    while select.select([program.out.fd], [], [], 0)[0]:
        data = os.read(program.out.fd, 65536)
        if not data:
            return
        program.out.held += data.decode("utf-8", "replace")


def wait_until(done: "object", why: str) -> None:
    """Try again and again until `done()` holds."""
    assert callable(done)
    deadline = time.monotonic() + LIMIT_S
    while not done():
        assert time.monotonic() < deadline, why
