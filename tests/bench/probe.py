#!/usr/bin/python3
"""What does labrun itself take, without the programs that it starts?

Put in the place of labrun through MNGRADE_BIN. It becomes the real one; a
fork stays behind that reads what /proc says of it again and again, until it
is gone, and keeps the last answer. The figures of wait4(2) would not do: they
include the programs that labrun has waited for.

MNGRADE_BENCH names the real labrun and the folder for the answers.
"""

from __future__ import annotations

import os
import select
import sys
from typing import Optional, Tuple

PERIOD_S = 0.001
#: Bytes of the first line of an answer, which says what came before.
BASE = 21


def ran(pid: int) -> int:
    """Nanoseconds of processor time that a process has had."""
    with open("/proc/%d/schedstat" % pid, encoding="ascii") as file:
        return int(file.read().split()[0])


def look(pid: int) -> Optional[Tuple[int, int]]:
    """Processor time, and KiB of memory at most; None when it is gone."""
    try:
        with open("/proc/%d/status" % pid, encoding="ascii") as file:
            for line in file:
                if line.startswith("VmHWM:"):
                    return ran(pid), int(line.split()[1])
    except OSError:
        pass
    return None  # a zombie has no VmHWM


def watch(pid: int, program: str, answer: int) -> None:
    for number in (0, 1):
        os.dup2(answer, number)  # labrun's ends must be its own alone
    poll = select.poll()
    seen = False
    while True:
        found = look(pid)
        if found is None and seen:
            return
        # Before the exec the process is this Python, and of no interest.
        if found and os.readlink("/proc/%d/exe" % pid) == program:
            seen = True
            os.pwrite(answer, b"%20d %10d\n" % found, BASE)
        poll.poll(PERIOD_S * 1000)


def main() -> None:
    program, folder = os.environ["MNGRADE_BENCH"].split(":")
    own = os.getpid()
    # Each arena has process numbers of its own.
    arena = os.stat("/proc/self/ns/pid").st_ino
    path = os.path.join(folder, "labrun-%d-%d" % (arena, own))
    answer = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    if os.fork() == 0:
        try:
            watch(own, program, answer)
        finally:
            os._exit(0)
    # What this Python has used up to here is not labrun's.
    os.write(answer, b"%*d\n" % (BASE - 1, ran(own)))
    os.execv(program, [program, *sys.argv[1:]])


if __name__ == "__main__":
    main()
