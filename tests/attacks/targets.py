"""What stands around a grading that an attack could read, change or reach?

A canary with random contents, listeners on the stage's loopback, and another
program of the grader's user. Nobody but an attack touches them, so any trace
of a touch is the attack's success.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import selectors
import shutil
import socket
import subprocess
import threading
from pathlib import Path
from types import TracebackType
from typing import Dict, List, Optional, Sequence, Type

#: A text file of a hand-in may be longer; then no placeholder is looked for.
MOST_BYTES = 4 << 20


class Targets:
    """They stand for as long as the `with` does."""

    def __init__(self, home: Path, report: Path, own: Optional[int],
                 before: Sequence[str]) -> None:
        self.mark = "mark" + secrets.token_hex(8)
        self._canary = home / "canary.txt"
        self._text = "secret%s\n" % secrets.token_hex(16)
        self._unix = home / "engine.sock"
        self._abstract = "engine-" + secrets.token_hex(4)
        self._report = report
        self._own = own  # who owns them; None is us
        self._before = list(before)  # how that user's programs are started
        self._heard: List[str] = []
        self._ears: List[socket.socket] = []
        self._ends, self._end = socket.socketpair()
        self._listener = threading.Thread(target=self._listen, daemon=True)

    def __enter__(self) -> "Targets":
        self._canary.write_text(self._text)
        self._canary.chmod(0o600)
        self._stat = self._state()
        self._open_ears()
        self.bystander = subprocess.Popen(
            [*self._before, "sleep", "infinity"], stdin=subprocess.DEVNULL
        )
        self._listener.start()
        if self._own is not None:
            for path in (self._canary, self._unix):
                os.chown(str(path), self._own, self._own)
            self._stat = self._state()
        return self

    def __exit__(self, kind: Optional[Type[BaseException]],
                 error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self._end.close()
        self._listener.join()
        for ear in self._ears:
            ear.close()
        self._ends.close()
        self.bystander.kill()
        self.bystander.wait()

    # What is looked at afterwards.

    @property
    def heard(self) -> List[str]:
        """What came to a listener."""
        return list(self._heard)

    @property
    def secret(self) -> bytes:
        """What nobody may learn."""
        return self._text.strip().encode()

    def canary_changed(self) -> str:
        """How the canary differs from what it was, "" where it does not."""
        try:
            if self._canary.read_text() != self._text:
                return "its contents were changed"
            return "" if self._state() == self._stat else "it was replaced or touched"
        except (OSError, ValueError) as error:
            return str(error)

    def bystander_died(self) -> bool:
        return self.bystander.poll() is not None

    def _state(self) -> List[int]:
        stat = os.lstat(str(self._canary))
        return [stat.st_ino, stat.st_mode, stat.st_nlink, stat.st_uid, stat.st_mtime_ns]

    # Listening.

    def _open_ears(self) -> None:
        tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        tcp.bind(("127.0.0.1", 0))
        self._port = int(tcp.getsockname()[1])
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", self._port))
        path = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        path.bind(str(self._unix))
        abstract = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        abstract.bind("\0" + self._abstract)
        self._ears = [tcp, udp, path, abstract]
        for ear in (tcp, path, abstract):
            ear.listen(64)

    def _listen(self) -> None:
        """Any word, and any connection, counts: nobody else knows of them."""
        names = dict(zip(self._ears, ("TCP", "UDP", "unix path", "abstract unix")))
        with selectors.DefaultSelector() as selector:
            for one in (*self._ears, self._ends):
                selector.register(one, selectors.EVENT_READ)
            while True:
                for key, _what in selector.select():
                    ear = key.fileobj
                    assert isinstance(ear, socket.socket)
                    if ear is self._ends:
                        return
                    if ear.type == socket.SOCK_DGRAM:
                        ear.recv(4096)
                    else:
                        ear.accept()[0].close()
                    self._heard.append(names[ear])

    # Placeholders.

    def words(self) -> Dict[str, str]:
        """What the placeholders of a submission stand for."""
        return {
            "@SUCCESS@": self.mark,
            "@CANARY@": str(self._canary),
            "@CANARY_TEXT_SHA@": hashlib.sha256(self._text.encode()).hexdigest(),
            "@PORT@": str(self._port),
            "@ABSTRACT@": self._abstract,
            "@UNIX@": str(self._unix),
            "@REPORT@": str(self._report),
            "@OUTER_PID@": str(self.bystander.pid),
        }


def lay_out(sources: Sequence[Path], to: Path, words: Dict[str, str]) -> None:
    """Copy folders over each other, with the placeholders replaced."""
    for source in sources:
        _copy(source, to)
    for path in to.rglob("*"):
        if path.is_symlink() or not path.is_file():
            continue
        if path.stat().st_size > MOST_BYTES:
            continue
        data = path.read_bytes()
        for word, meaning in words.items():
            data = data.replace(word.encode(), meaning.encode())
        if data != path.read_bytes():
            path.write_bytes(data)


def _copy(source: Path, to: Path) -> None:
    """shutil.copytree into a folder that may exist (Python 3.8 has that)."""
    shutil.copytree(
        str(source), str(to), symlinks=True, dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("attack.yaml", "__pycache__"),
    )  # fmt: skip
