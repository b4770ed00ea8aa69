"""How much slower is this machine than those that our limits were made for?

Some limits are in processor time: half a second of it without any effect is
a spin. On an emulated machine, or a very old one, a Python needs three times
that to start, and a program that is merely on its way would be taken for one
that spins. So such limits are multiplied by what is measured here. There is
no machine that is just slow enough and gets nothing: the factor grows from the
machines on which the limits were tried.

What is measured is the processor time of starting a small program: code that
runs once, as in the start of a student's program, is what emulation makes
slowest.
"""

from __future__ import annotations

import functools
import os
import shutil
from typing import Callable

#: Processor time of the start of `true`, in milliseconds, where the limits are
#: as they are written. The machines on which they were tried take 0.6, those of
#: the last ten years 0.5 to 2, and emulated ones 4 and more.
USUAL_MS = 1.0
#: A machine that seems slower than this is one that something holds up.
MOST = 20.0
_TRIES = 2


@functools.lru_cache(maxsize=None)
def slowness() -> float:
    """Up to MOST; below 1 where it is faster, 0 where that cannot be measured.
    Measured once, for this process and those that it forks, in some
    milliseconds of a usual machine."""
    return factor(start_ms)


def factor(measure: Callable[[], float]) -> float:
    """What the milliseconds of a start amount to; the least of some counts."""
    return min(min(measure() for _ in range(_TRIES)) / USUAL_MS, MOST)


def start_ms() -> float:
    """Milliseconds of processor time that the start of a program takes; 0
    where that cannot be measured."""
    program = shutil.which("true", path="/usr/bin:/bin")
    if program is None:
        return 0.0
    pid = os.posix_spawn(program, [program], dict(os.environ))
    _, _, used = os.wait4(pid, 0)
    return 1000.0 * float(used.ru_utime + used.ru_stime)
