"""Does the peer say just the bytes that it is told to say?"""

from __future__ import annotations

import socket
import subprocess
from contextlib import contextmanager
from typing import IO, Iterator, Tuple

from labrun_client import BIN

BOUND_S = 10.0


class Driven:
    """A labpeer that has connected, and the other end of its connection."""

    def __init__(self, commands: IO[bytes], answers: IO[bytes],
                 end: socket.socket) -> None:
        self._commands, self._answers, self.end = commands, answers, end

    def command(self, line: bytes) -> None:
        self._commands.write(line + b"\n")
        self._commands.flush()

    def answer(self) -> bytes:
        return self._answers.readline().rstrip(b"\n")

    def heard(self, size: int) -> bytes:
        """So many bytes, as they come."""
        data = b""
        while len(data) < size:
            piece = self.end.recv(size - len(data))
            if not piece:
                break
            data += piece
        return data


@contextmanager
def driven() -> Iterator[Driven]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(BOUND_S)
        port = str(listener.getsockname()[1])
        peer = subprocess.Popen(
            ["stdbuf", "-oL", str(BIN / "labpeer"), "connect", "127.0.0.1", port],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert peer.stdin and peer.stdout
        end, _ = listener.accept()
        end.settimeout(BOUND_S)
        try:
            with end:
                one = Driven(peer.stdin, peer.stdout, end)
                assert one.answer() == b"1 connected"
                yield one
        finally:
            peer.stdin.close()
            peer.wait(BOUND_S)
            peer.stdout.close()


def test_escapes_stand_for_bytes_that_no_line_can_hold() -> None:
    with driven() as peer:
        peer.command(b"send 1 a\\n\\x00\\xff\\\\b")
        assert peer.heard(6) == b"a\n\0\xff\\b"
        peer.end.sendall(b"back\n")
        assert peer.answer() == b"1 received back\\n"


def test_what_is_held_goes_out_with_the_next_send() -> None:
    with driven() as peer:
        peer.command(b"hold 1 one\\x00")
        peer.command(b"hold 1 two ")
        peer.command(b"send 1 three")
        assert peer.heard(13) == b"one\0two three"
        peer.command(b"send 1 !")  # nothing is held any more
        assert peer.heard(1) == b"!"


def test_a_message_may_be_longer_than_a_line_at_a_terminal() -> None:
    with driven() as peer:
        for _ in range(100):
            peer.command(b"hold 1 " + b"\\x41" * 1000)
        peer.command(b"send 1 .")
        assert peer.heard(100001) == b"A" * 100000 + b"."


def test_too_much_is_told_and_what_was_held_stays() -> None:
    def fill() -> Tuple[bytes, int]:
        for count in range(1, 100):
            peer.command(b"hold 1 " + b"a" * 8192)
            if count == 32:
                peer.command(b"hold 1 x")
                return peer.answer(), count
        return b"", 0

    with driven() as peer:
        answer, count = fill()
        assert answer.startswith(b"! hold: ")
        peer.command(b"send 1 ")
        assert peer.heard(count * 8192) == b"a" * (count * 8192)
        peer.command(b"send 1 z")
        assert peer.heard(1) == b"z"
