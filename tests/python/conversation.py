"""How does a test hold a conversation with a built program?

Programs run behind pipes, other ends of their connections are bare sockets.
Every wait is for a line, for bytes or for the end of something, and has a
deadline. The programs are looked for in $LAB_BIN, or else in build/bin.
"""

from __future__ import annotations

import os
import select
import socket
import struct
import subprocess
import time
from pathlib import Path
from typing import Tuple

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("LAB_BIN", str(ROOT / "build" / "bin"))).resolve()
LIMIT_S = 30.0  # far more than anything takes, also under a sanitizer


class Stream:
    """Bytes from a descriptor, read up to an expected text or to the end."""

    def __init__(self, fd: int) -> None:
        self.fd = fd
        self.held = ""

    def _more(self, deadline: float) -> bool:
        left = max(0.0, deadline - time.monotonic())
        if not select.select([self.fd], [], [], left)[0]:
            raise AssertionError("nothing more came after %r" % self.held)
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # a broken connection, or a terminal without a program
            data = b""
        self.held += data.decode("utf-8", "replace").replace("\r\n", "\n")
        return bool(data)

    def until(self, text: str) -> str:
        """Everything up to and with `text`."""
        deadline = time.monotonic() + LIMIT_S
        while text not in self.held:
            assert self._more(deadline), "ended after %r" % self.held
        end = self.held.index(text) + len(text)
        taken, self.held = self.held[:end], self.held[end:]
        return taken

    def rest(self) -> str:
        """Everything up to the end."""
        deadline = time.monotonic() + LIMIT_S
        while self._more(deadline):
            pass
        taken, self.held = self.held, ""
        return taken


class Running:
    """A program under test behind pipes."""

    def __init__(self, name: str, *options: str) -> None:
        self.process = subprocess.Popen(
            [str(BIN / name), *options],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
        )
        assert self.process.stdout and self.process.stderr
        self.out = Stream(self.process.stdout.fileno())
        self.err = Stream(self.process.stderr.fileno())

    def type(self, text: str) -> None:
        assert self.process.stdin
        self.process.stdin.write(text.encode())

    def end_input(self) -> None:
        assert self.process.stdin
        self.process.stdin.close()

    def status(self) -> int:
        return self.process.wait(LIMIT_S)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe:
                pipe.close()
        if self.process.stderr:
            self.process.stderr.close()


class Peer:
    """A bare connection in the place of a program."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = Stream(sock.fileno())

    def send(self, data: bytes) -> None:
        self.sock.sendall(data)

    def close(self) -> None:
        self.sock.close()

    def reset(self) -> None:
        """Break the connection off, as a crash of the machine might."""
        at_once = struct.pack("ii", 1, 0)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, at_once)
        self.sock.close()


def run(name: str, *options: str) -> Tuple[int, str, str]:
    """Run a program that ends by itself: status, output, diagnostics."""
    done = subprocess.run(
        [str(BIN / name), *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        timeout=LIMIT_S,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()
