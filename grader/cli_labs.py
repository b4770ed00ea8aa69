"""What do the commands for authors of labs, and for looking, do?

`labs`, `new-lab`, `verify`, `topology`, `play` and `doctor`.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from grader import lab
from grader.cli_common import (
    LOST,
    NOT_JUDGED,
    OK,
    Complaint,
    check_machine,
    count,
    existing,
    put,
    switch_option,
)


def run_labs(_options: Any) -> int:
    """List the labs."""
    for name in lab.available():
        loaded = lab.load(name)
        put("%-10s %s\n" % (name, loaded.rubric.title))
    return OK


def new_lab_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `new-lab`."""
    add = parser.add_argument
    add("name", metavar="NAME", help="lower-case letters, digits, hyphens")
    add("--into", metavar="DIR", type=Path, default=lab.LABS,
        help="the folder that gets it (default: where the labs are)")


def run_new_lab(options: argparse.Namespace) -> int:
    """Write a lab to begin with."""
    from grader import new_lab

    try:
        folder = new_lab.make(options.name, options.into)
    except new_lab.NewLabError as error:
        raise Complaint(str(error)) from error
    put(new_lab.next_steps(folder))
    return OK


def verify_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `verify`."""
    add = parser.add_argument
    add("lab", metavar="LAB")
    add("example", metavar="EXAMPLE", nargs="*",
        help="only these, by their names")
    add("--times", metavar="N", type=count, default=1,
        help="grade each so many times")
    add("--seed", metavar="N", type=int, default=1)
    add("--jobs", metavar="N", type=count, default=0)
    switch_option(add)


def run_verify(options: argparse.Namespace) -> int:
    """Grade a lab's examples; status 1 where a verdict is another."""
    loaded = lab.load(options.lab)
    check_machine()
    from grader import verify

    try:
        examples = verify.examples(loaded, options.example)
    except verify.VerifyError as error:
        raise Complaint(str(error)) from error
    wrong = 0
    for seed in range(options.seed, options.seed + options.times):
        for example in examples:
            result = verify.verify(
                loaded, example, seed, options.jobs, options.switch
            )
            wrong += bool(result.differences)
            put(result.line() + "\n")
    total = len(examples) * options.times
    put("%d of %d gradings as they must be\n" % (total - wrong, total))
    return LOST if wrong else OK


def topology_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `topology`."""
    add = parser.add_argument
    add("name", metavar="NAME", nargs="?", help="draw this one")
    add("--size", metavar="N", type=count, default=3,
        help="what it takes: the number of clients (default 3)")
    add("--svg", metavar="FILE", nargs="?", const="-",
        help="draw a picture (default: to stdout)")


def run_topology(options: argparse.Namespace) -> int:
    """List the networks, or draw one."""
    from grader import topology, topology_tools

    try:
        if options.name is None:
            put(topology_tools.listing())
        elif options.svg is None:
            put(topology_tools.text(options.name, options.size))
        elif options.svg == "-":
            put(topology_tools.picture(options.name, options.size))
        else:
            picture = topology_tools.picture(options.name, options.size)
            Path(options.svg).write_text(picture, encoding="utf-8")
    except (topology.NetworkFault, ValueError) as error:
        raise Complaint(str(error)) from error
    except OSError as error:
        raise Complaint("%s: %s" % (options.svg, error.strerror)) from error
    return OK


def play_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `play`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("submission", metavar="SUBMISSION", nargs="?", type=Path,
        help="programs to run (default: the lab's reference)")
    add("--capture", metavar="HOST", action="append", default=[],
        help="show the packets of this host in a pane; may be repeated")


def run_play(options: argparse.Namespace) -> int:
    """Open a lab in tmux, until the user leaves."""
    loaded = lab.load(options.lab)
    if options.submission:
        existing([options.submission], None)
    check_machine()
    from grader import play

    try:
        play.play(loaded, options.submission, tuple(options.capture))
    except play.PlayError as error:
        raise Complaint(str(error), error.status) from error
    return OK


def run_doctor(_options: Any) -> int:
    """Say what is missing; status 3 where nothing can be graded."""
    from grader import doctor

    bad = 0
    for finding in doctor.diagnose():
        put("%s %s\n" % ("ok  " if finding.ok else "MISS", finding.what))
        if not finding.ok:
            put("     to mend it: %s\n" % finding.mend)
            bad += finding.needed
    return NOT_JUDGED if bad else OK
