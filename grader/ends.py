"""Did a program end, or did it crash?

An exit status other than 0 is no crash by itself: sys.exit("bye") and exit(1)
are ends that the program chose. A crash is a signal that the program did not
send itself (a client may end its other half with SIGTERM), or an exception that
nobody caught.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Optional

from grader.trace import Trace

_CRASHES = ("SEGV", "ABRT", "FPE", "BUS", "ILL", "PIPE", "SYS", "TRAP")
_UNCAUGHT = re.compile(
    r"^Traceback \(most recent call last\)|^Exception in thread"
    r"|^\s+at .+[:(]|^terminate called|^panic:|panicked at"
    r"|^Unhandled exception|^Uncaught ",
    re.MULTILINE | re.IGNORECASE,
)
#: What is said when a program goes on with a socket that it has closed, and
#: when it interrupts itself to get out of accept().
_CLOSED = re.compile(
    r"bad file descriptor|socket (?:is )?(?:already )?closed"
    r"|closed (?:file|socket|connection)|stream (?:is )?closed|not a socket"
    r"|ERR_SERVER_NOT_RUNNING|KeyboardInterrupt|AsynchronousCloseException"
    r"|ClosedChannelException",
    re.IGNORECASE,
)


def before_crash(said: str) -> str:
    """What a program said of its own: a traceback has numbers of its own."""
    return _UNCAUGHT.split(said, maxsplit=1)[0]


class End:
    """How a program ended by itself between two events, if it did; `end` is
    by default where the run was closed, and with it the programs."""

    def __init__(self, trace: Trace, program: str = "server", begin: int = 0,
                 end: Optional[int] = None) -> None:
        self.event: Optional[Dict[str, Any]] = None
        last = end or trace.facts.get("closing") or len(trace.events)
        for event in trace.of(program, "started", "exit"):
            if begin <= event["n"] <= last:
                self.event = event if event["ev"] == "exit" else None
        self._said = trace.output(program, begin)

    @property
    def n(self) -> Optional[int]:
        return int(self.event["n"]) if self.event else None

    @property
    def crash(self) -> str:
        """What a crash said; "" where there was none."""
        if self.event is None or self.event.get("code") == 0:
            return ""
        if self.event.get("signal") in _CRASHES:
            return "signal SIG%s" % self.event["signal"]
        if not _UNCAUGHT.search(self._said) or self.after_closing:
            return ""
        return _error_in(self._said)

    @property
    def after_closing(self) -> str:
        """The error of a program that goes on with a socket after it has
        closed it: its end is what closing led to, and was meant."""
        if self.event is None or self.event.get("code") == 0:
            return ""
        if not _UNCAUGHT.search(self._said):
            return ""
        error = _error_in(self._said)
        return error if _CLOSED.search(error) else ""


def _error_in(said: str) -> str:
    """The line that names the error."""
    lines = [line.strip() for line in said.split("\n") if line.strip()]
    for line in lines:
        if re.match(r"Exception in thread|\w*panic", line):
            return line
    errors = [
        line for line in lines
        if re.match(r"[\w.]*(?:Error|Exception|Interrupt)\b", line)
    ]
    return (errors or lines or [""])[-1]
