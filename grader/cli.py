"""What does the user want, and how is it told what came of it?

Parses the command line, calls the command, and turns what it raises into one
message and an exit status; cli_common.py lists those. The commands are in
cli_grade.py, cli_class.py and cli_labs.py.
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from typing import Any, Callable, NoReturn, Sequence, Tuple

try:
    from grader import cli_class, cli_grade, cli_labs, lab, words
    from grader.cli_common import LOG, NOT_JUDGED, USAGE, Complaint, say
except ModuleNotFoundError as missing:  # PyYAML comes with Debian's Mininet
    sys.stderr.write(
        "mngrade: %s has no module '%s'; mngrade is made for /usr/bin/python3:"
        " make demo installs what it needs\n" % (sys.executable, missing.name)
    )
    sys.exit(3)  # nothing was judged


def _no_options(_parser: argparse.ArgumentParser) -> None:
    pass


#: Name, what it does, what declares its options, what runs it.
COMMANDS: Tuple[Tuple[str, str, Callable[..., None], Callable[..., int]], ...] = (
    ("grade", "grade one submission: a folder, files, or a zip or tar",
     cli_grade.grade_options, cli_grade.run_grade),
    ("replay", "judge kept traces again, and run nothing",
     cli_grade.replay_options, cli_grade.run_replay),
    ("labs", "list the labs",
     _no_options, cli_labs.run_labs),
    ("topology", "list the networks, or draw one",
     cli_labs.topology_options, cli_labs.run_topology),
    ("watch", "grade again at every save, and show what changed",
     cli_grade.watch_options, cli_grade.run_watch),
    ("play", "run a lab by hand: tmux with a terminal on every host",
     cli_labs.play_options, cli_labs.run_play),
    ("new-lab", "write a small working lab to begin with",
     cli_labs.new_lab_options, cli_labs.run_new_lab),
    ("verify", "grade a lab's own examples and compare the verdicts",
     cli_labs.verify_options, cli_labs.run_verify),
    ("batch", "grade a class: a folder of hand-ins, or an LMS's download",
     cli_class.batch_options, cli_class.run_batch),
    ("gradebook", "list, decide, export and import the marks of a class",
     cli_class.gradebook_options, cli_class.run_gradebook),
    ("doctor", "say what this machine lacks, and what mends it",
     _no_options, cli_labs.run_doctor),
)  # fmt: skip


def main(argv: Sequence[str]) -> int:
    """Run one command; returns the exit status."""
    level = os.environ.get("MNGRADE_LOG", "WARNING").upper()
    known = isinstance(logging.getLevelName(level), int)
    told = logging.StreamHandler()
    told.setFormatter(_Inert("mngrade: %(message)s"))
    logging.basicConfig(handlers=[told], level=level if known else "WARNING")
    try:
        options = _parser().parse_args(argv)
        status: int = options.run(options)
        return status
    except Complaint as complaint:
        say(str(complaint))
        return complaint.status
    except lab.LabError as error:
        say(str(error))
        return USAGE
    except KeyboardInterrupt:
        say("stopped")
        return 130
    except Exception as error:  # pylint: disable=broad-except
        # A mistake of ours: no student may lose by it, or win.
        LOG.debug("", exc_info=True)
        say(
            "the grader itself failed, and nothing is judged: %s: %s"
            " (MNGRADE_LOG=DEBUG says where)" % (type(error).__name__, error)
        )
        return NOT_JUDGED


class _Inert(logging.Formatter):
    """What a program printed may be in what is logged."""

    def format(self, record: logging.LogRecord) -> str:
        return words.printable(super().format(record), keep="\n")


class _Parser(argparse.ArgumentParser):
    """Takes options between a command's arguments too, and names the nearest
    command where one is misspelt."""

    _intermixing = False

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        if self._intermixing or self._subparsers is not None:
            return super().parse_known_args(args, namespace)
        self._intermixing = True  # what follows comes back here
        try:
            return self.parse_known_intermixed_args(args, namespace)
        finally:
            self._intermixing = False

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        say(message + _advice(message))
        raise SystemExit(USAGE)


def _advice(message: str) -> str:
    if "invalid choice:" not in message:
        return ""
    wrong = message.split("invalid choice: ")[1].split()[0].strip("'")
    meant = words.nearest(wrong, [command[0] for command in COMMANDS])
    return "; did you mean '%s'?" % meant if meant else ""


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="mngrade",
        description="Grade network programs on emulated Mininet hosts.",
    )
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", required=True
    )
    for name, text, declare, run in COMMANDS:
        command = commands.add_parser(name, help=text, description=text)
        declare(command)
        command.set_defaults(run=run)
    return parser
