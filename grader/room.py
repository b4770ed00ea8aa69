"""How many runs may go on at once?

As many as there are processors for them; and more where these have nothing to
do, because programs sleep or links are slow. That nothing has come of the runs
for a while does not show it: on a slow or busy machine they are at work, and
one more makes each of them slower. So the kernel is asked.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Callable, Optional, Sequence, Tuple

from grader.api import Case

#: Each time that nothing comes for so many seconds, while this much of one
#: processor has had nothing to do, one more run may begin, up to so many more.
IDLE_S = 0.5
IDLE_PROCESSORS = 0.75
MOST_EXTRA = 6
#: What keeps the processors busy may be somebody else: after so many seconds,
#: times what the machine is slower, one more may begin all the same.
BUSY_S = 3.0
#: A machine that is slower than this has work to do even in a run with slow
#: links, which elsewhere is idle for most of its time.
SLOW = 2.0
#: Processor times since the start, in ticks; proc(5).
STAT = Path("/proc/stat")
#: The columns behind the name of a processor that are time with nothing to do
#: (idle and iowait), and how many columns count no time twice.
_IDLE, _ALL = slice(3, 5), 8


class Room:
    """For the runs of a submission. `slower` is the machine's slowness.
    Opened when the runs begin."""

    def __init__(
        self,
        jobs: int,
        slower: float,
        idle: Optional[Callable[[], Optional[float]]] = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = max(1, jobs)
        self._slower = max(1.0, slower)
        self._idle = idle or Idleness().processors
        self._clock = clock
        self._heard = clock()
        self._extra = 0

    def has(self, case: Case, busy: Sequence[Case]) -> bool:
        """Whether this one may begin beside those that are under way."""
        working = len(busy)
        if self._slower <= SLOW:
            if case.links:
                return True
            working = sum(not other.links for other in busy)
        return working < self._jobs + self._extra

    def heard(self) -> None:
        """Something has come of a run."""
        self._heard = self._clock()

    def silence(self) -> None:
        """Nothing has come of any for IDLE_S more."""
        idle, now = self._idle(), self._clock()
        at_rest = idle is None or idle >= IDLE_PROCESSORS
        if at_rest or now - self._heard >= BUSY_S * self._slower:
            self._extra = min(self._extra + 1, MOST_EXTRA)
            self._heard = now


class Idleness:
    """Of the processors that this process may use, from one question to the
    next."""

    def __init__(self, stat: Path = STAT) -> None:
        self._stat = stat
        self._before = self._ticks()

    def processors(self) -> Optional[float]:
        """As many as were idle on average since the last question; None where
        that cannot be known, or no tick has passed."""
        before, now = self._before, self._ticks()
        if before is None or now is None or now[1] <= before[1]:
            return None
        self._before = now
        share = (now[0] - before[0]) / (now[1] - before[1])
        return len(os.sched_getaffinity(0)) * min(max(share, 0.0), 1.0)

    def _ticks(self) -> Optional[Tuple[int, int]]:
        """Idle, and all, of our processors together."""
        ours = {"cpu%d" % number for number in os.sched_getaffinity(0)}
        idle = whole = 0
        try:
            for line in self._stat.read_text(encoding="ascii").splitlines():
                name, *columns = line.split()
                if name in ours:
                    idle += sum(map(int, columns[_IDLE]))
                    whole += sum(map(int, columns[:_ALL]))
        except (OSError, ValueError):
            return None
        return (idle, whole) if whole else None
