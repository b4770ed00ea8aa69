#!/usr/bin/python3
"""Does every re-run of a grading give the same canonical report, byte for byte?

usage: same.py [--times N] [--at-once N] [--busy] [LAB/EXAMPLE ...]

Grades each example once, then N times more, so many at once and with as many
runs side by side as falls to each, and compares. With --busy an endless loop
runs on each core meanwhile. A report that differs is kept beside the first
one in build/same/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List, NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
KEPT = ROOT / "build" / "same"
EXAMPLES = (
    "order/good/c-threads",
    "order/good/python-threads",
    "order/good/python-asyncio",
    "order/bad/waits-for-x-first",
    "order/bad/c-labels-swapped",
    "order/bad/busy-wait",
    "order/bad/client-missing",
    "sum/good/python-struct-select",
    "chat/good/c-threads",
    "chat/good/java-threads",
)


class Job(NamedTuple):
    """One grading under way."""

    example: str
    number: int
    process: "subprocess.Popen[bytes]"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--at-once", type=int, default=2)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("examples", nargs="*", default=EXAMPLES)
    options = parser.parse_args()
    loops = [_loop() for _ in range(os.cpu_count() or 1)] if options.busy else []
    try:
        differ = _compare(options.examples, options.times, options.at_once)
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()
    total = sum(differ.values())
    print("%d examples, %d re-runs of each: %d differ"
          % (len(differ), options.times, total))  # fmt: skip
    return 1 if total else 0


def _loop() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sh", "-c", "while :; do :; done"])


def _compare(examples: List[str], times: int, at_once: int) -> Dict[str, int]:
    """How many re-runs of each example differ from its first run."""
    differ = {}
    for example in examples:
        began = time.monotonic()
        first = _finish(_start(example, 0))
        found = 0
        jobs: List[Job] = []
        for number in range(1, times + 1):
            jobs.append(_start(example, number))
            if len(jobs) >= at_once or number == times:
                found += _is_other(jobs.pop(0), first)
        for job in jobs:
            found += _is_other(job, first)
        differ[example] = found
        took = (time.monotonic() - began) / (times + 1)
        print("%-4s %-36s %d of %d differ, %.2f s each"
              % ("BAD" if found else "ok", example, found, times, took),
              flush=True)  # fmt: skip
    return differ


def _start(example: str, number: int) -> Job:
    lab, _slash, name = example.partition("/")
    folder = ROOT / "labs" / lab / "examples" / name
    if not folder.is_dir():
        raise SystemExit("same.py: there is no example %s" % folder)
    argv = [str(ROOT / "grader" / "mngrade"), "grade", lab, str(folder)]
    argv += ["--canonical", "--jobs", str(1 + number % 3)]
    return Job(example, number, subprocess.Popen(argv, stdout=subprocess.PIPE))


def _finish(job: Job) -> bytes:
    out, _err = job.process.communicate()
    if job.process.returncode not in (0, 1):
        print("%s: exit status %d" % (job.example, job.process.returncode))
    return out


def _is_other(job: Job, first: bytes) -> bool:
    out = _finish(job)
    if out == first:
        return False
    KEPT.mkdir(parents=True, exist_ok=True)
    stem = job.example.replace("/", "-")
    (KEPT / (stem + ".first")).write_bytes(first)
    (KEPT / ("%s.%d" % (stem, job.number))).write_bytes(out)
    return True


if __name__ == "__main__":
    sys.exit(main())
