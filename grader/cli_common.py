"""What do the commands of the command line share?

How a result and a complaint reach the user, and the checks that must come
before anything slow is begun. Exit status: 0 every automatic criterion
passed; 1 points were lost; 2 wrong usage or a broken lab; 3 something was
not judged.
"""

from __future__ import annotations

import argparse
import importlib.util
import logging
import os
import sys
from pathlib import Path
from typing import Any, Callable, List, Optional

from grader import words

OK, LOST, USAGE, NOT_JUDGED = 0, 1, 2, 3
LOG = logging.getLogger("mngrade")


class Complaint(Exception):
    """One clear sentence for the user, and the exit status."""

    def __init__(self, text: str, status: int = USAGE) -> None:
        super().__init__(text)
        self.status = status


def put(text: str) -> None:
    """Write a result to stdout: here, and nowhere else."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        # What is left must not fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise Complaint(
                "the output was not written: %s" % error.strerror, NOT_JUDGED
            ) from error
        # The reader of our output went away; that is no failure of ours.


def say(text: str) -> None:
    """Tell the user something on stderr."""
    print("mngrade: " + words.printable(text, keep="\n"), file=sys.stderr)


def count(text: str) -> int:
    """The type of an option that is a number from 1 on."""
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise argparse.ArgumentTypeError("must be a number from 1 on")
    return int(text)


def switch_option(add: Callable[..., Any]) -> None:
    """Declare the choice of a switch, with a parser's `add_argument`."""
    add("--switch", choices=("bridge", "ovs"), default="bridge",
        help="the network's switch (default bridge)")


def existing(paths: List[Path], override: Optional[str]) -> List[Path]:
    """What is to be graded: it must be there. With the user's own command
    (`override`) this folder is enough."""
    if not paths and override:
        return [Path(".")]
    if not paths:
        raise Complaint(
            "what is to be graded? Give a folder, files, or a zip or tar"
        )
    for path in paths:
        if not os.path.lexists(str(path)):
            near = words.nearest(path.name, _neighbours(path))
            raise Complaint(
                "no such path: %s%s"
                % (path, " (did you mean '%s'?)" % near if near else "")
            )
    return paths


def _neighbours(path: Path) -> List[str]:
    try:
        return os.listdir(path.parent)
    except OSError:
        return []


def check_jinja(wants: str) -> None:
    """Jinja2 is needed for a page alone; better to say so at once."""
    if not importlib.util.find_spec("jinja2"):
        raise Complaint(
            "%s needs Jinja2: apt-get install python3-jinja2" % wants, NOT_JUDGED
        )


def check_machine() -> None:
    """What makes every grading impossible gets one message, not a trace; what
    makes it weaker, a warning."""
    from grader import doctor, sandbox

    for finding in doctor.diagnose():
        if finding.ok or not finding.needed:
            continue
        raise Complaint("%s\n  to mend it: %s" % (finding.what, finding.mend),
                        NOT_JUDGED)
    if sandbox.concern():
        LOG.warning("%s", sandbox.concern())
