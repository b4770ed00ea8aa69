"""How fast is a class graded, beside the bare cost of its programs?

Makes a class of hand-ins from the examples of lab order: four of five in
Python, the others in C, right and wrong, and one that hangs. Each differs in
a comment, so that nothing is known from another. Grades it with
`mngrade batch`, and runs the programs of two typical hand-ins bare in the
same go. With --growth the same class is graded in two sizes, and the time for
each hand-in is compared.

usage: bench_class.py [--size N] [--jobs N] [--growth]
"""

from __future__ import annotations

import argparse
import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Iterator, List, Tuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import bare  # noqa: E402
from bench import GOOD, PYTHON, c_pair, measured, python_pair  # noqa: E402
from cpu import Meter  # noqa: E402

EXAMPLES = ROOT / "labs" / "order" / "examples"
HANGS = EXAMPLES / "bad" / "deadlock-after-messages"
_COMMENT = {".py": "\n# hand-in %d\n", ".c": "\n/* hand-in %d */\n"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=0)
    parser.add_argument("--growth", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-class-") as place:
        scratch = Path(place)
        if options.growth:
            few = graded(scratch, max(10, options.size // 10), options.jobs)
            many = graded(scratch, options.size, options.jobs)
            print("time for each hand-in, the larger class / the smaller one:"
                  " %.2f x" % (many[0] / few[0]))
            return 0
        wall, cpu = graded(scratch, options.size, options.jobs)
        costs = bare_costs(scratch)
        cores = len(os.sched_getaffinity(0))
        print("%-40s %6.0f ms CPU a hand-in" % ("the programs alone (4 Python, 1 C)", costs * 1e3))
        print("%-40s %6.2f x" % ("CPU of the batch / of the programs", cpu / costs))
        print("%-40s %6.2f x" % ("wall / (bare CPU / %d processors)" % cores,
                                 wall / (costs / cores)))
    return 0


def bare_costs(scratch: Path) -> float:
    """CPU seconds of a hand-in's programs and build, as they are mixed."""
    built = scratch / "c"
    shutil.copytree(str(GOOD / "c-threads"), str(built))
    build = measured(
        lambda: subprocess.run(
            ["make", "-B"], cwd=str(built), stdout=subprocess.DEVNULL, check=True
        )
    ).cpu
    c = bare.run(c_pair(built)).cpu + build
    python = bare.run(python_pair(GOOD / "python-localhost")).cpu
    return (4 * python + c) / 5


def graded(scratch: Path, size: int, jobs: int) -> Tuple[float, float]:
    """Grade a class; wall and CPU seconds for each hand-in."""
    folder = scratch / ("class-%d" % size)
    for number, source in zip(range(size), sources()):
        hand_in(source, folder / ("team-%03d" % number), number)
    out = scratch / ("out-%d" % size)
    argv = [str(ROOT / "grader" / "mngrade"), "batch", "order", str(folder)]
    argv += ["--out", str(out)] + (["--jobs", str(jobs)] if jobs else [])
    meter = Meter()
    cpu, began = meter.seconds(), time.monotonic()
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    wall, cpu = time.monotonic() - began, meter.seconds() - cpu
    most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print("%-40s %6.1f a minute" % ("%d hand-ins" % size, size / wall * 60))
    print("%-40s %6.0f ms wall, %.0f ms CPU"
          % ("for each of them", wall / size * 1e3, cpu / size * 1e3))
    print("%-40s %6.0f MiB" % ("largest process", most / 1024))
    return wall / size, cpu / size


def sources() -> Iterator[Path]:
    """Examples without end: four in Python, one in C; the tenth one hangs."""
    python = by_language("*.py")
    c = by_language("*.c")
    turns = zip(*[itertools.cycle(python)] * 4, itertools.cycle(c))
    for at, source in enumerate(itertools.chain.from_iterable(turns)):
        yield HANGS if at == 9 else source


def by_language(pattern: str) -> List[Path]:
    folders = sorted(EXAMPLES.glob("*/*"))
    return [f for f in folders if f != HANGS and any(f.glob(pattern))]


def hand_in(source: Path, folder: Path, number: int) -> None:
    shutil.copytree(str(source), str(folder))
    (folder / "verdicts.yaml").unlink()
    for path in folder.rglob("*"):
        if path.suffix in _COMMENT:
            with path.open("a") as out:
                out.write(_COMMENT[path.suffix] % number)


if __name__ == "__main__":
    assert os.path.exists(PYTHON)
    sys.exit(main())
