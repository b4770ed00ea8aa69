"""What do `mngrade batch` and `mngrade gradebook` do?

Only the options and what is said when it fails: the work is done in
batch_cli.py and gradebook_cli.py.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from grader.cli_common import (
    NOT_JUDGED,
    Complaint,
    check_jinja,
    check_machine,
    count,
    put,
    say,
)


def batch_options(parser: argparse.ArgumentParser) -> None:
    """Declare the options of `batch`."""
    add = parser.add_argument
    add("lab", metavar="LAB", help="name of the lab, or its folder")
    add("what", metavar="FOLDER_OR_ARCHIVE", type=Path,
        help="a folder of hand-ins, or a download of Canvas, Moodle,"
        " Gradescope or GitHub Classroom")
    add("--out", metavar="DIR", type=Path, required=True,
        help="gets the gradebook, the reports and the class page")
    add("--roster", metavar="CSV", type=Path, help="who is in the class")
    add("--seed", metavar="N", type=int, default=1,
        help="chooses the names that are typed (default 1)")
    add("--jobs", metavar="N", type=count, default=0,
        help="hand-ins at once (default: one a processor)")
    add("--again", action="store_true", help="run also what is unchanged")
    add("--judge-again", action="store_true",
        help="judge all that was kept, and run only what is new")


def run_batch(options: argparse.Namespace) -> int:
    """Grade a class; the exit status."""
    check_jinja("batch")
    check_machine()
    from grader import batch, batch_cli, gradebook_model, intake

    try:
        return batch_cli.run(options, put)
    except (batch.BatchError, intake.IntakeError) as error:
        raise Complaint(str(error)) from error
    except gradebook_model.GradebookError as error:
        raise Complaint(str(error), NOT_JUDGED) from error
    except KeyboardInterrupt:
        say("stopped; what was finished is kept, and the same command goes on")
        return 130


def gradebook_options(parser: argparse.ArgumentParser) -> None:
    """Declare the parts of `gradebook` and their options."""
    from grader import gradebook_cli

    gradebook_cli.options(parser)


def run_gradebook(options: argparse.Namespace) -> int:
    """Do one part of `gradebook`; the exit status."""
    from grader import gradebook_cli, gradebook_model

    try:
        return gradebook_cli.run(options, put, say)
    except gradebook_model.GradebookError as error:
        raise Complaint(str(error)) from error
