"""How does the grader talk to labrun?

The one module that knows labrun's protocol (c_src/PROTOCOL.md). A session is
one labrun process; every event it writes is kept in order in `events`. What
goes wrong on our side, in labrun or between us, is an InstrumentFault: no
verdict may rest on such a run.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Dict, List, Mapping, Optional, Sequence, Type

from grader import events
from grader.model import Event

PROTOCOL = 1
#: Seconds that labrun may take beyond the time that a command asks for.
GRACE_S = 30.0
#: Seconds in which a labrun that closed its end must be gone.
END_S = 5.0
#: No event is longer than this; what is, comes from no labrun.
MOST_BYTES = 16 << 20


class InstrumentFault(Exception):
    """labrun failed, or could not do what it was told: the harness's fault."""


class Session:
    """A running labrun; use it in a `with`.

    `events` is everything so far, in the order of the stream.
    """

    def __init__(self, labrun: Path, keep: Sequence[int] = ()) -> None:
        self._labrun = labrun
        self._keep = tuple(keep)  # descriptors that labrun uses by number
        self._process: Optional["subprocess.Popen[bytes]"] = None
        self._buffer = b""
        self._last_id = 0
        self.events: List[Event] = []

    def __enter__(self) -> "Session":
        try:
            self._process = subprocess.Popen(
                [str(self._labrun)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                bufsize=0,
                pass_fds=self._keep,
            )
        except OSError as error:
            raise InstrumentFault(
                "labrun cannot be started: %s" % error
            ) from error
        try:
            hello = self._next_event(time.monotonic() + GRACE_S)
            if hello.get("protocol") != PROTOCOL:
                raise InstrumentFault("this labrun speaks another protocol")
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._close()

    def _close(self) -> None:
        process = self._process
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        if process.stdout:
            process.stdout.close()
        process.kill()
        process.wait()

    def ask(self, do: str, wait_s: float = 0.0, **fields: Any) -> Event:
        """Send a command; return its reply, whatever it says.

        `wait_s` is the time that the command itself asks for.
        """
        self._last_id += 1
        message = {"id": self._last_id, "do": do}
        message.update(
            (name, value) for name, value in fields.items() if value is not None
        )
        self._write(json.dumps(message).encode() + b"\n")
        until = time.monotonic() + wait_s + GRACE_S
        while True:
            event = self._next_event(until)
            if event.get("id") == self._last_id:
                return event
            if time.monotonic() > until:  # it writes on and on, but no reply
                raise InstrumentFault("labrun does not answer")

    def must(self, do: str, **fields: Any) -> Event:
        """Send a command that only fails where the harness is at fault."""
        reply = self.ask(do, **fields)
        if reply["ev"] == "failed":
            raise InstrumentFault("labrun: %s: %s" % (do, reply.get("why")))
        return reply

    # What the commands are.

    def add_host(self, host: str, pid: int) -> None:
        self.must("host", host=host, pid=pid)

    def capture(self, host: str, interface: str, file: Optional[str]) -> None:
        self.must("capture", host=host, interface=interface, file=file)

    def watch_queue(self, host: str, interface: str, pid: int) -> None:
        self.must("queue", host=host, interface=interface, pid=pid)

    def start(
        self,
        program: str,
        host: str,
        argv: Sequence[str],
        wrap: Sequence[str],
        helper: str,
        environment: Mapping[str, str],
        limits: Mapping[str, int],
        user: Optional[int] = None,
        output_cap: Optional[int] = None,
        bounds: Optional[Mapping[str, int]] = None,
        stores: Sequence[str] = (),
        groups: Sequence[str] = (),
    ) -> Event:
        """Start a program; the reply is `ok` or `start-failed`."""
        reply = self.must(
            "start",
            program=program,
            host=host,
            argv=list(argv),
            wrap=list(wrap),
            helper=helper,
            env=dict(environment),
            limits=dict(limits),
            uid=user,
            gid=user,
            output_cap=output_cap,
            bounds=dict(bounds or {}),
            stores=list(stores),
            groups=list(groups),
        )
        if reply.get("fault") == "sandbox":
            raise InstrumentFault(
                "the sandbox of %s failed: %s"
                % (program, self._said_by(program) or reply.get("why"))
            )
        return reply

    def settle(
        self,
        limit_s: float,
        patience_s: float = 0.0,
        busy_ms: float = 500,
        **way: Any
    ) -> Event:
        """Wait until nothing can happen by itself; the `state` event. `way`
        is what links want: stall_ms, retries, held."""
        return self.must(
            "settle",
            wait_s=limit_s,
            limit_ms=round(limit_s * 1000),
            patience_ms=round(patience_s * 1000),
            busy_ms=busy_ms,
            **way,
        )

    def state(self) -> Event:
        return self.must("state")

    def type(self, program: str, text: str) -> Event:
        """Type at a program's terminal; `failed` when it has ended."""
        return self.ask("type", program=program, text=text)

    def signal(self, program: str, name: str) -> Event:
        return self.ask("signal", program=program, signal=name)

    def stop(self, program: str) -> None:
        self.must("stop", program=program)

    def quit(self) -> None:
        """End labrun in good order, with the capture files complete."""
        self.must("quit")

    # The stream.

    def _said_by(self, program: str) -> str:
        return "".join(
            str(event.get("text", ""))
            for event in self.events
            if event["ev"] == "output" and event["program"] == program
        ).strip()

    def _write(self, line: bytes) -> None:
        process = self._process
        if process is None or process.stdin is None:
            raise InstrumentFault("labrun does not run")
        try:
            while line:
                line = line[os.write(process.stdin.fileno(), line) :]
        except OSError as error:
            raise self._died() from error

    def _died(self) -> InstrumentFault:
        try:
            code = self._process.wait(END_S) if self._process else 0
        except subprocess.TimeoutExpired:
            return InstrumentFault("labrun closed its end of a run")
        how = "signal %d" % -code if code < 0 else "status %d" % code
        return InstrumentFault("labrun ended in the middle of a run (%s)" % how)

    def _next_event(self, until: float) -> Event:
        line = self._next_line(until)
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise _no_event(line) from error
        # Evidence names events by their numbers: they must be what they say.
        if events.fault(value, len(self.events) + 1):
            raise _no_event(line)
        event: Dict[str, Any] = value
        self.events.append(event)
        return event

    def _next_line(self, until: float) -> bytes:
        assert self._process is not None and self._process.stdout is not None
        fd = self._process.stdout.fileno()
        while b"\n" not in self._buffer:
            self._read_more(fd, until)
        line, _newline, self._buffer = self._buffer.partition(b"\n")
        return line

    def _read_more(self, fd: int, until: float) -> None:
        left = until - time.monotonic()
        if left <= 0 or not select.select([fd], [], [], left)[0]:
            raise InstrumentFault("labrun does not answer")
        piece = os.read(fd, 1 << 16)
        if not piece:
            raise self._died()
        self._buffer += piece
        if len(self._buffer) > MOST_BYTES:
            raise _no_event(self._buffer)


def _no_event(line: bytes) -> InstrumentFault:
    return InstrumentFault("labrun wrote what is no event: %r" % line[:80])
