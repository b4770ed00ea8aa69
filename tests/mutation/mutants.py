"""Does a small fault in the reference of lab `order` lose points?

A grader that gives full marks to a server with a fault is one that can be
passed by faulty hand-ins. So faults are put into the reference's own sources,
one at a time (operators.py), in the lines that an exchange runs (exchange.py).
What does not compile, or compiles to the same code as the original or as an
earlier mutant, is left out, and so is what is like others before it (MOST).
The others are graded:

    killed       it lost points
    survived     it has full marks, or was not judged

A survivor must be explained in survivors.yaml: its fault is none, or one of
which the rubric does not speak. Prints `M mutants, K killed, S survivors
explained, U unexplained`; exits 1 where a survivor lacks an explanation, or an
explanation its survivor.

    mutants.py [--sample N] [--seed SEED] [--only TEXT] [--list]
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence, Set, Tuple

import yaml

HERE = Path(__file__).resolve().parent
REPO = HERE.parent.parent
sys.path.insert(0, str(HERE))

import exchange  # noqa: E402
import operators  # noqa: E402
from operators import Mutant  # noqa: E402
from workshop import FILES, FLAGS, SOURCES, Workshop, digest  # noqa: E402

#: So many faults of one operator in one function; 1 where nothing is said.
#: core/order.c holds the rules of the lab, and most of what can be got wrong.
MOST = {"core/order.c": 3}
#: The commands with which the reference is handed in.
COMMANDS = ("--server", "./order_server", "--client", "./order_client --host 10.0.0.1")
LIMIT_S = 300.0
EXPLAINED = HERE / "survivors.yaml"


@dataclass(frozen=True)
class Graded:
    """What became of one mutant."""

    mutant: Mutant
    lost: Tuple[str, ...]  # "ID: VERDICT", a line each; empty: full marks
    judged: bool = True

    @property
    def killed(self) -> bool:
        return bool(self.lost) and self.judged


class MutationError(Exception):
    """Nothing can be said: the reference itself is not right."""


# ---- choosing ----------------------------------------------------------------


def candidates(work: Path) -> List[Mutant]:
    """Every fault in a line that an exchange runs, in a fixed order."""
    flags = [*FLAGS, "-I" + str(SOURCES)]
    run = exchange.lines_run(SOURCES, FILES, flags, work)
    words = words_of(run)
    return [
        mutant
        for file in FILES
        for mutant in operators.mutants(SOURCES, file, flags)
        if mutant.line in run.get(file, ()) or mutant.function in words
    ]


def words_of(run: Dict[str, Set[int]]) -> Set[str]:
    """The names of macros that stand in a line that runs."""
    found: Set[str] = set()
    for file, numbers in run.items():
        lines = (SOURCES / file).read_text().splitlines()
        for number in numbers:
            found.update(re.findall(r"\b[A-Z][A-Z_]+\b", lines[number - 1]))
    return found


_workshop: Optional[Workshop] = None


def _build(group: Sequence[Mutant]) -> List[Tuple[Mutant, Path, str]]:
    """The first of a group that compile, to a code of their own."""
    assert _workshop is not None
    seen = {digest(_workshop.original)}
    kept: List[Tuple[Mutant, Path, str]] = []
    for mutant in group:
        if len(kept) == MOST.get(mutant.file, 1):
            break
        built = _workshop.build(mutant)
        if built is None:
            continue
        place, code = built
        if code in seen:
            shutil.rmtree(str(place))
            continue
        seen.add(code)
        kept.append((mutant, place, code))
    return kept


def different(
    pool: Any, found: Sequence[Mutant]
) -> Iterator[Tuple[Mutant, Path]]:
    """Of each operator in each function the first that compile, and to
    another code than those before."""
    seen = set()
    groups = itertools.groupby(
        sorted(found, key=lambda m: (FILES.index(m.file), m.function, m.operator)),
        key=lambda m: (m.file, m.function, m.operator),
    )
    for built in pool.imap(_build, [list(group) for _key, group in groups]):
        for mutant, place, code in built:
            if code in seen:
                shutil.rmtree(str(place))
                continue
            seen.add(code)
            yield mutant, place


# ---- grading -----------------------------------------------------------------


def _grade(job: Tuple[Mutant, Path]) -> Graded:
    mutant, place = job
    assert _workshop is not None
    hand_in = _workshop.link(place)
    try:
        report = grade(hand_in)
    except subprocess.TimeoutExpired:
        return Graded(mutant, ("more than %g s" % LIMIT_S,), judged=False)
    finally:
        shutil.rmtree(str(place))
    return Graded(mutant, lost_rows(report), report["status"] == "graded")


def grade(hand_in: Path) -> Dict[str, Any]:
    """The JSON report on a folder with the two programs."""
    done = subprocess.run(
        [str(REPO / "grader" / "mngrade"), "grade", "order", str(hand_in),
         *COMMANDS, "--json", "-", "--jobs", "1"],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        timeout=LIMIT_S,
    )  # fmt: skip
    try:
        report: Dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:
        raise MutationError(
            "no report: " + done.stderr.decode("utf-8", "replace").strip()
        ) from error
    return report


def lost_rows(report: Dict[str, Any]) -> Tuple[str, ...]:
    return tuple(
        "%s: %s" % (row["id"], row["verdict"])
        for row in report["criteria"]
        if row["verdict"] in ("fail", "partial", "not-judged")
    )


# ---- explanations ------------------------------------------------------------


@dataclass(frozen=True)
class Explained:
    """What survivors.yaml says of a mutant."""

    change: str  # the one that was looked into
    sometimes: bool  # whether it is killed hangs on chance


def explanations() -> Dict[str, Explained]:
    known: Dict[str, Explained] = {}
    for group in yaml.safe_load(EXPLAINED.read_text()) or []:
        if not str(group["why"]).strip():
            raise MutationError("%s: a group without `why`" % EXPLAINED)
        for id, change in group["mutants"].items():
            if id in known:
                raise MutationError("%s: %s stands there twice" % (EXPLAINED, id))
            known[id] = Explained(str(change), bool(group.get("sometimes")))
    return known


def complaints(
    graded: Sequence[Graded], known: Dict[str, Explained], whole: bool
) -> List[str]:
    """Survivors that nobody explained, and explanations of no survivor."""
    found = []
    survivors = {one.mutant.id: one for one in graded if not one.killed}
    for id, one in survivors.items():
        if id not in known or known[id].change != one.mutant.change:
            kept = "survives" if one.judged else "is not judged"
            found.append("unexplained: %s %s: %s" % (id, kept, one.mutant.change))
    looked_at = {one.mutant.id for one in graded}
    for id, explained in known.items():
        if id in looked_at and id not in survivors and not explained.sometimes:
            found.append("explained, but it is killed: " + id)
        if id not in looked_at and whole:
            found.append("explained, but it is no mutant any more: " + id)
    return found


# ---- all together --------------------------------------------------------------


def run(options: argparse.Namespace, work: Path) -> int:
    global _workshop
    gcov = work / "gcov"
    gcov.mkdir()
    found = candidates(gcov)
    if options.only:
        found = [mutant for mutant in found if options.only in mutant.id]
    shop = _workshop = Workshop(work)
    first = work / "original"
    lost = lost_rows(grade(shop.link(first)))
    if lost:
        raise MutationError("the reference itself loses " + ", ".join(lost))
    with multiprocessing.Pool(len(os.sched_getaffinity(0))) as pool:
        chosen = list(different(pool, found))
        whole = not options.only
        if options.sample and options.sample < len(chosen):
            whole = False
            picked = random.Random(options.seed).sample(
                range(len(chosen)), options.sample
            )
            chosen = [chosen[at] for at in sorted(picked)]
        if options.list:
            for mutant, _place in chosen:
                print("%s  line %d: %s" % (mutant.id, mutant.line, mutant.change))
            return 0
        graded = []
        for one in pool.imap(_grade, chosen):
            graded.append(one)
            tell(one, len(graded), len(chosen))
    return conclude(graded, explanations(), whole)


def tell(one: Graded, number: int, count: int) -> None:
    how = "killed  " if one.killed else "survived"
    print("%4d of %d  %s  %s  (%s)  %s" % (
        number, count, how, one.mutant.id, one.mutant.change, ", ".join(one.lost)
    ), flush=True)  # fmt: skip


def conclude(
    graded: Sequence[Graded], known: Dict[str, Explained], whole: bool
) -> int:
    found = complaints(graded, known, whole)
    for line in found:
        print(line)
    killed = sum(one.killed for one in graded)
    unexplained = sum(line.startswith("unexplained") for line in found)
    print("%d mutants, %d killed, %d survivors explained, %d unexplained" % (
        len(graded), killed, len(graded) - killed - unexplained, unexplained
    ))  # fmt: skip
    return 1 if found else 0


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description="grade the reference with faults")
    parser.add_argument("--sample", type=int, metavar="N", help="only so many")
    parser.add_argument("--seed", type=int, default=1, help="of the sample")
    parser.add_argument("--only", metavar="TEXT", help="ids that hold this")
    parser.add_argument("--list", action="store_true", help="grade nothing")
    with tempfile.TemporaryDirectory(prefix="mutants") as folder:
        try:
            return run(parser.parse_args(arguments), Path(folder))
        except (
            MutationError, operators.ParseError, exchange.ExchangeError
        ) as error:
            print("mutants: %s" % error, file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
