"""Which data races did ThreadSanitizer tell of?

A report names two accesses to the same memory that nothing keeps apart, each
with the calls that led to it. Kept of it is what a student can look up: the
innermost line of their own source on both sides, and the variable where it
has a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import List, Optional, Tuple

#: Nobody reads more of a program that races without end.
_MOST_REPORTS = 200
_REPORT = re.compile(
    r"WARNING: ThreadSanitizer: data race[^\n]*\n(.*?)(?:^SUMMARY: |\Z)",
    re.DOTALL | re.MULTILINE,
)
_ACCESS = re.compile(
    r"^ +(?:\[\w+\] )?(?:Previous )?((?:atomic )?(?:read|write)) of size",
    re.IGNORECASE | re.MULTILINE,
)
_FRAME = re.compile(r"^ +#\d+ (\S+).*? (\S+?):(\d+)(?::\d+)? \(", re.MULTILINE)
_GLOBAL = re.compile(r"Location is global '([^']+)'")
_ELSEWHERE = ("/usr/", "/build/", "../")
_END_OF_CALLS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, order=True)
class Access:
    """One of the two: where, and whether it reads or writes."""

    file: str  # without its folder
    line: int
    function: str
    kind: str  # "read" or "write"


@dataclass(frozen=True)
class DataRace:
    """Two accesses by two threads; the same one twice where both do it."""

    variable: str  # of a global variable; "" for other memory
    accesses: Tuple[Access, Access]


def data_races(printed: str) -> Tuple[DataRace, ...]:
    """The races in what a program printed, each once, in the order of their
    places in the source and not of their time."""
    found = set()
    for count, report in enumerate(_REPORT.finditer(printed)):
        if count == _MOST_REPORTS:
            break
        race = _race(report.group(1))
        if race is not None:
            found.add(race)
    return tuple(sorted(found, key=lambda race: (race.accesses, race.variable)))


def _race(report: str) -> Optional[DataRace]:
    accesses: List[Access] = []
    for match in _ACCESS.finditer(report):
        calls = _END_OF_CALLS.split(report[match.end() :], 1)[0]
        frame = _own_frame(calls)
        if frame is not None:
            kind = match.group(1).lower().split()[-1]
            accesses.append(Access(frame[1], frame[2], frame[0], kind))
    if len(accesses) != 2:
        return None
    accesses.sort()
    variable = _GLOBAL.search(report)
    return DataRace(
        variable.group(1) if variable else "", (accesses[0], accesses[1])
    )


def _own_frame(calls: str) -> Optional[Tuple[str, str, int]]:
    """The innermost call with a source of the student's. Those of libraries
    lie in the system's folders, or where they were built once."""
    for frame in _FRAME.finditer(calls):
        function, path, line = frame.groups()
        if not path.startswith(_ELSEWHERE):
            return function, path.rpartition("/")[2], int(line)
    return None
