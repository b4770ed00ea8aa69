"""What does `mngrade gradebook` do?

Reads a gradebook, lets a person decide, and hands marks on to learning
systems and takes them back. BOOK is the gradebook's file, or the folder that
`mngrade batch` made. WHO is a student (id, login, e-mail or name), the name
of a hand-in, or `:12`, a hand-in by its number.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Callable

Tell = Callable[[str], None]
Add = Callable[..., object]

#: Of grader/gradebook_export.py, which is not loaded to read a command line.
FORMATS = ("canvas", "moodle", "gradescope", "junit", "jsonl", "xlsx", "csv")


def options(parser: argparse.ArgumentParser) -> None:
    """Declare the command line."""
    parser.description = (__doc__ or "").partition("\n\n")[2]
    parts = parser.add_subparsers(dest="part", metavar="WHAT", required=True)
    for name, act, text, declare in _PARTS:
        part = parts.add_parser(name, help=text, description=text)
        part.add_argument("book", metavar="BOOK", type=Path)
        declare(part.add_argument)
        part.set_defaults(act=act)


def run(given: argparse.Namespace, tell: Tell, warn: Tell) -> int:
    """Do it: results go to `tell`, remarks to `warn`. Returns the exit
    status: 0, or 1 where something was left out. Raises GradebookError."""
    from grader import gradebook_acts  # other commands do not need it
    from grader.gradebook import Gradebook

    with Gradebook(given.book, create=False) as book:
        act = getattr(gradebook_acts, given.act)
        status: int = act(book, given, tell, warn)
        return status


def _lab(add: Add) -> None:
    """The options that say which marks count."""
    add("--lab", metavar="LAB", help="where the book has several")
    add("--attempts", choices=("last", "best"), default="last",
        help="which hand-in counts (default last)")


def _show_options(add: Add) -> None:
    _lab(add)
    add("--waiting", action="store_true",
        help="list what a person has to decide")


def _student_options(add: Add) -> None:
    add("who", metavar="WHO")
    _lab(add)


def _history_options(add: Add) -> None:
    add("who", metavar="WHO", nargs="?")
    _lab(add)


def _by(add: Add, reason: bool) -> None:
    add("--by", metavar="NAME", required=True, help="who decides this")
    add("--why", metavar="REASON", required=reason, default="",
        help="the reason, kept beside it")


def _of_one(add: Add) -> None:
    _lab(add)
    add("--alone", action="store_true",
        help="for this student only, not for the whole team")


def _decide_options(add: Add) -> None:
    add("who", metavar="WHO")
    add("criterion", metavar="CRITERION")
    add("points", metavar="POINTS", type=float)
    _of_one(add)
    _by(add, reason=False)


def _override_options(add: Add) -> None:
    add("who", metavar="WHO")
    add("points", metavar="POINTS", type=float)
    add("--criterion", metavar="ID", help="this row only, not the whole mark")
    _of_one(add)
    _by(add, reason=True)


def _comment_options(add: Add) -> None:
    add("who", metavar="WHO")
    add("text", metavar="TEXT")
    add("--criterion", metavar="ID", help="about this row only")
    add("--by", metavar="NAME", required=True, help="who says this")
    _of_one(add)


def _undo_options(add: Add) -> None:
    add("entry", metavar="ENTRY", type=int, help="its number in the history")
    _by(add, reason=True)


def _review_options(add: Add) -> None:
    add("--who", metavar="NAME", default="",
        help="who decides (default: the name of this user)")
    add("--port", metavar="N", type=int, default=0,
        help="on this machine only (default: any that is free)")
    add("--lab", metavar="LAB", help="where the book has several")


def _export_options(add: Add) -> None:
    add("--format", choices=FORMATS, required=True)
    add("-o", "--output", metavar="FILE", required=True,
        help="the file to write (- is stdout, for a text)")
    add("--template", metavar="FILE", type=Path,
        help="a file of Canvas or Moodle, to be filled")
    add("--assignment", metavar="NAME", default="",
        help="the assignment's column, 'Name (id)' for Canvas")
    add("--only", metavar="WHO", dest="who",
        help="one hand-in (gradescope: results.json instead of a ZIP)")
    add("--everything", action="store_true",
        help="also marks that wait for a person, as they are")
    add("--cap", action="store_true",
        help="give the maximum where a mark is above it")
    _lab(add)


def _import_options(add: Add) -> None:
    add("file", metavar="FILE", type=Path)
    add("--format", choices=("canvas", "moodle", "csv", "roster"), default="",
        help="default: found out by the columns")
    add("--by", metavar="NAME", required=True, help="who brings this")
    add("--assignment", metavar="NAME", default="",
        help="the assignment's column in a file of Canvas")
    add("--partial", action="store_true",
        help="import what is clear, and list the rest")
    _lab(add)


_PARTS = (
    ("show", "show", "the marks now", _show_options),
    ("student", "student", "all of one mark", _student_options),
    ("decide", "decide", "points for a row that waits", _decide_options),
    ("override", "override", "other points than the grading's, with a reason",
     _override_options),
    ("comment", "comment", "words for the student", _comment_options),
    ("undo", "undo", "take an entry back, or an undo", _undo_options),
    ("review", "review", "decide what waits, in a browser", _review_options),
    ("history", "history", "who did what when, and why", _history_options),
    ("export", "export", "hand the marks on", _export_options),
    ("import", "take", "take a roster, or grades that were changed elsewhere",
     _import_options),
)  # fmt: skip
