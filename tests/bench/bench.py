"""What does a grading cost, beside the bare programs?

Grades a Python and a C submission, and runs the same programs as many times
without the grader, all in one go and in turns, so that a change of the
machine's mood meets both. Prints medians and their ratios; then labrun's own
cost, and that of an arena with its network and of a sandbox.

usage: bench.py [--times N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Callable, Dict, List, Sequence, Tuple

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import bare  # noqa: E402
from bare import Cost, Pair  # noqa: E402
from cpu import Meter  # noqa: E402

from grader import cgroups, network, sandbox  # noqa: E402
from grader.arena import Arena  # noqa: E402
from grader.bounds import Bounds  # noqa: E402
from grader.channel import Channel  # noqa: E402
from grader.instrument import Session  # noqa: E402

GOOD = ROOT / "labs" / "order" / "examples" / "good"
PYTHON = "/usr/bin/python3"
BIN = ROOT / "build" / "bin"


def summed_up(costs: Sequence[Cost]) -> Cost:
    """Medians, with the best wall time: other work can only add to it."""
    return Cost(
        statistics.median(cost.cpu for cost in costs),
        statistics.median(cost.wall for cost in costs),
        min(cost.wall for cost in costs),
    )


def measured(work: Callable[[], object]) -> Cost:
    """What a piece of work takes; ours and everybody's whom it starts."""
    meter = Meter()
    cpu, began = meter.seconds(), time.monotonic()
    work()
    wall = time.monotonic() - began
    return Cost(meter.seconds() - cpu, wall, wall)


def run(argv: Sequence[str], folder: Path = ROOT) -> None:
    subprocess.run(
        list(argv), cwd=str(folder), stdout=subprocess.DEVNULL, check=True
    )


def grade(submission: Path) -> None:
    run(["grader/mngrade", "grade", "order", str(submission)])


# ---- a grading against the bare programs ---------------------------------


def python_pair(folder: Path) -> Pair:
    return Pair(
        (PYTHON, "TCPServer.py"), (PYTHON, "TCPClient.py"), folder
    )


def c_pair(folder: Path) -> Pair:
    return Pair(("./server",), ("./client",), folder)


def compare(times: int, scratch: Path) -> Dict[str, Dict[str, Cost]]:
    """For each submission: the grading, the bare programs, their build."""
    python, c = GOOD / "python-localhost", GOOD / "c-threads"
    built = scratch / "c"
    shutil.copytree(str(c), str(built))
    works: List[Tuple[str, str, Callable[[], Cost]]] = [
        ("Python", "graded", lambda: measured(lambda: grade(python))),
        ("Python", "bare", lambda: bare.run(python_pair(python))),
        ("C", "graded", lambda: measured(lambda: grade(c))),
        ("C", "build", lambda: measured(lambda: run(["make", "-B"], built))),
        ("C", "bare", lambda: bare.run(c_pair(built))),
    ]
    costs: Dict[str, Dict[str, List[Cost]]] = {"Python": {}, "C": {}}
    for _ in range(times):
        for language, what, work in works:
            costs[language].setdefault(what, []).append(work())
    return {
        language: {what: summed_up(found) for what, found in of.items()}
        for language, of in costs.items()
    }


def tell_comparison(costs: Dict[str, Dict[str, Cost]]) -> None:
    print("%-36s %9s %9s %9s" % ("", "CPU", "wall", "best"))
    for language, of in costs.items():
        line("%s: a whole grading" % language, of["graded"])
        line("%s: the programs alone, six runs" % language, of["bare"])
        base, what = of["bare"], "the programs"
        if "build" in of:
            line("%s: make alone" % language, of["build"])
            base = base.plus(of["build"])
            ratio("    grading / the programs", of["graded"], of["bare"])
            what = "make and the programs"
        ratio("    grading / " + what, of["graded"], base)


def line(what: str, cost: Cost) -> None:
    print("%-36s %6.0f ms %6.0f ms %6.0f ms"
          % (what, cost.cpu * 1e3, cost.wall * 1e3, cost.best * 1e3))


def ratio(what: str, cost: Cost, base: Cost) -> None:
    print("%-36s %7.2f x %7.2f x %7.2f x"
          % (what, cost.cpu / base.cpu, cost.wall / base.wall,
             cost.best / base.best))


# ---- labrun alone --------------------------------------------------------


def labrun(times: int, scratch: Path) -> Tuple[float, float, int]:
    """Median and greatest processor time in seconds, most memory in KiB."""
    programs, answers = scratch / "bin", scratch / "answers"
    programs.mkdir()
    answers.mkdir()
    for program in BIN.iterdir():
        (programs / program.name).symlink_to(program)
    (programs / "labrun").unlink()
    (programs / "labrun").symlink_to(ROOT / "tests" / "bench" / "probe.py")
    os.environ["MNGRADE_BIN"] = str(programs)
    os.environ["MNGRADE_BENCH"] = "%s:%s" % (BIN / "labrun", answers)
    for _ in range(times):
        grade(GOOD / "python-localhost")
        grade(GOOD / "c-threads")
    del os.environ["MNGRADE_BIN"], os.environ["MNGRADE_BENCH"]
    found = [path.read_text().split() for path in answers.iterdir()]
    found = [words for words in found if len(words) == 3]
    cpu = [(int(words[1]) - int(words[0])) / 1e9 for words in found]
    memory = [int(words[2]) for words in found]
    if not cpu:
        raise RuntimeError("the probe has seen no labrun")
    return statistics.median(cpu), max(cpu), max(memory)


# ---- the parts -----------------------------------------------------------


def one_arena(build: bool) -> None:
    def work(channel: Channel) -> None:
        if build:
            network.build("star", 2)
        channel.send("up")

    with Arena(work) as arena:
        if arena.receive() != "up":
            raise RuntimeError("no arena")


def sandboxed(scratch: Path) -> List[str]:
    copy, around = scratch / "copy", scratch / "etc"
    for folder in (copy, around):
        folder.mkdir()
    hosts = around / "hosts"
    hosts.write_text("127.0.0.1 localhost\n")
    return [*sandbox.wrap_program(copy, "h1", hosts, BIN / "labexec"), "true"]


def tell_parts(times: int, scratch: Path) -> None:
    wrapped = sandboxed(scratch)
    parts: Tuple[Tuple[str, Callable[[], None]], ...] = (
        ("an arena", lambda: one_arena(False)),
        ("an arena with its network", lambda: one_arena(True)),
        ("`true`", lambda: run(["true"])),
        ("`true` in a sandbox", lambda: run(wrapped)),
        ("python3 -c pass", lambda: run([PYTHON, "-c", "pass"])),
        ("mngrade --help", lambda: run(["grader/mngrade", "--help"])),
    )
    for what, work in parts:
        line(what, summed_up([measured(work) for _ in range(times * 3)]))


# ---- what the defence costs ----------------------------------------------


def tell_defence(times: int, scratch: Path) -> None:
    """Start, watch and end a program under labrun, bare and with all of the
    defence, in turns; what the second adds to each start."""
    folder = scratch / "defence"
    folder.mkdir()
    wrap = sandboxed(folder)[:-1]
    starts = 20
    costs: Dict[bool, List[float]] = {False: [], True: []}
    with cgroups.Groups(cgroups.find()) as groups:
        for _ in range(times):
            for guarded in (False, True):
                cost = measured(lambda: start_many(starts, wrap, groups, guarded))
                costs[guarded].append(cost.cpu / starts)
    bare_, whole = (statistics.median(costs[which]) for which in (False, True))
    print("a program start, bare %.1f ms CPU, with the whole defence %.1f:"
          " it adds %.1f ms (%s)"
          % (bare_ * 1e3, whole * 1e3, (whole - bare_) * 1e3, groups.place.words))


def start_many(
    count: int, wrap: Sequence[str], groups: cgroups.Groups, guarded: bool
) -> None:
    argv = ["python3", "-c", "input()"]
    bounds = Bounds()
    limits = sandbox.default_limits(bounds) if guarded else {}
    with Session(BIN / "labrun", groups.keep) as session:
        session.add_host("h1", os.getpid())
        for at in range(count):
            name = "p%d" % at
            session.start(
                name, "h1", argv, wrap if guarded else (),
                sandbox.HELPER if guarded else str(BIN / "labexec"),
                sandbox.environment(), limits, None, None,
                bounds.watched() if guarded else None,
                sandbox.STORES if guarded else (),
                groups.make(name, bounds) if guarded else (),
            )  # fmt: skip
            session.settle(20)
            session.stop(name)
        session.quit()


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=7)
    times = max(1, parser.parse_args().times)
    # These make every start of Python slower; a student has neither.
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"):
        os.environ.pop(name, None)
    print("Medians of %d, on %d processors, with a load of %.1f"
          % (times, len(os.sched_getaffinity(0)), os.getloadavg()[0]))
    if not Meter().exact:
        print("This user may not count all processes: CPU is too low "
              "(kernel.perf_event_paranoid is above 2)")
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        scratch = Path(folder)
        scratch.chmod(0o755)
        grade(GOOD / "c-threads")  # warm caches are a student's usual case
        tell_comparison(compare(times, scratch))
        middle, most, memory = labrun(max(1, times // 3), scratch)
        print("labrun alone, each run: %.1f ms CPU (at most %.1f), %.1f MiB"
              % (middle * 1e3, most * 1e3, memory / 1024))
        tell_parts(times, scratch)
        tell_defence(times, scratch)
    return 0


if __name__ == "__main__":
    sys.exit(main())
