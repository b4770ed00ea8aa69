"""How do the grader and the work in an arena talk to each other?

Over a socket pair, in frames: one letter, four bytes of length, JSON. The
letter keeps three things apart that must never be confused: a message of the
work, the words "I am done", and a fault of the harness.
"""

from __future__ import annotations

import json
import select
import socket
import struct
from typing import Any, List, Optional

_HEAD = struct.Struct(">cI")
_MESSAGE, _DONE, _FAULT = b"m", b"d", b"f"
_CHUNK = 1 << 16


class Channel:
    """One end of the conversation. Owns the socket."""

    def __init__(self, end: socket.socket) -> None:
        self._socket = end
        self._buffer = bytearray()
        self._messages: List[Any] = []
        self.ended = False  # the other end closed
        self.done = False  # the work returned
        self.fault: Optional[str] = None

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()

    def send(self, message: Any) -> None:
        """Send a message; a receiver that is gone is not an error here.

        Reads while it waits: two ends that both send more than the socket
        holds would otherwise wait for each other for ever.
        """
        self._send(_MESSAGE, message)

    def say_done(self) -> None:
        self._send(_DONE, None)

    def say_fault(self, text: str) -> None:
        self._send(_FAULT, text)

    def receive(self) -> Any:
        """The next message, waiting for it; EOFError when none will come."""
        while not self._messages:
            if self.ended:
                raise EOFError("the other end of the channel is closed")
            self._read(block=True)
        return self._messages.pop(0)

    def pending(self, block: bool = False) -> List[Any]:
        """Every complete message so far; `block` waits for the end."""
        while not self.ended and self._read(block):
            pass
        messages, self._messages = self._messages, []
        return messages

    def _send(self, letter: bytes, value: Any) -> None:
        body = json.dumps(value, separators=(",", ":")).encode()
        left = memoryview(_HEAD.pack(letter, len(body)) + body)
        while left:
            try:
                sent = self._socket.send(
                    left, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL
                )
            except BlockingIOError:
                self._wait_for_room()
                continue
            except (BrokenPipeError, ConnectionResetError):
                return
            left = left[sent:]

    def _wait_for_room(self) -> None:
        poll = select.poll()  # select() knows no descriptor above 1023
        reads = 0 if self.ended else select.POLLIN
        poll.register(self._socket, select.POLLOUT | reads)
        if poll.poll()[0][1] & select.POLLIN:
            self._read(block=False)

    def _read(self, block: bool) -> bool:
        """Take in one chunk; False when there was none."""
        try:
            data = self._socket.recv(
                _CHUNK, 0 if block else socket.MSG_DONTWAIT
            )
        except BlockingIOError:
            return False
        except ConnectionResetError:
            data = b""  # it closed with something of ours unread
        if not data:
            self.ended = True
            return False
        self._buffer += data
        self._take_frames()
        return True

    def _take_frames(self) -> None:
        while len(self._buffer) >= _HEAD.size:
            letter, length = _HEAD.unpack_from(self._buffer)
            end = _HEAD.size + length
            if len(self._buffer) < end:
                return
            value = json.loads(bytes(self._buffer[_HEAD.size : end]))
            del self._buffer[:end]
            if letter == _MESSAGE:
                self._messages.append(value)
            elif letter == _FAULT:
                self.fault = value
            else:
                self.done = True
