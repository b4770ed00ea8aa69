"""How much processor time do I and everything that I start take?

A perf event of this process that its descendants inherit. It counts those too
that nobody waits for, as happens when the init of a PID namespace is killed;
getrusage(2) would miss them. Where the kernel does not let us open one, the
children that were waited for must do, and the figures are too low.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import struct

_CALL = {"x86_64": 298, "aarch64": 241}
_PERF_TYPE_SOFTWARE = 1
_PERF_COUNT_SW_TASK_CLOCK = 1
_INHERIT = 1 << 1
_EXCLUDE_KERNEL = 1 << 5  # ordinary users must say so; this clock ignores it
_CLOEXEC = 8


class Meter:
    """Processor seconds of this process and its descendants from now on."""

    def __init__(self) -> None:
        self._event = _open()

    @property
    def exact(self) -> bool:
        """Whether everything is counted."""
        return self._event >= 0

    def seconds(self) -> float:
        if not self.exact:
            own = resource.getrusage(resource.RUSAGE_SELF)
            children = resource.getrusage(resource.RUSAGE_CHILDREN)
            return (
                own.ru_utime
                + own.ru_stime
                + children.ru_utime
                + children.ru_stime
            )
        (count,) = struct.unpack("Q", os.read(self._event, 8))
        return int(count) / 1e9


def _open() -> int:
    """A descriptor of the event, or -1."""
    call = _CALL.get(platform.machine())
    if call is None:
        return -1
    flags = _INHERIT | (_EXCLUDE_KERNEL if os.geteuid() else 0)
    # struct perf_event_attr, version 0: 64 bytes
    attributes = struct.pack(
        "=IIQQQQQ16x",
        _PERF_TYPE_SOFTWARE, 64, _PERF_COUNT_SW_TASK_CLOCK, 0, 0, 0, flags,
    )
    libc = ctypes.CDLL(None, use_errno=True)
    found: int = libc.syscall(
        ctypes.c_long(call), attributes, 0, -1, -1, ctypes.c_ulong(_CLOEXEC)
    )
    return found
