"""Which mark does a person mean by a word on the command line?

A student by an id or a name, a hand-in by its name, or, as `:12`, by its
number. What could be two is refused, with both.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import shutil
import sys
from typing import List, Tuple

from grader.gradebook import Gradebook
from grader.gradebook_match import Directory
from grader.gradebook_model import GradebookError, Mark
from grader.words import Style, nearest, style_of


def find(book: Gradebook, given: argparse.Namespace) -> Mark:
    """The one mark that `given.who` means."""
    text = given.who.strip()
    found = book.marks(given.lab, given.attempts)
    if text.startswith(":") and text[1:].isdigit():
        fitting = [m for m in _once(found) if _number(m) == int(text[1:])]
    else:
        fitting = _called(text, found)
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = ", ".join(_told(mark) for mark in fitting)
        raise GradebookError("'%s' could be each of: %s" % (text, told))
    names = [mark.name for mark in found]
    names += [m.submission.name for m in found if m.submission]
    meant = nearest(text, names)
    raise GradebookError(
        "nobody and nothing in the gradebook is called '%s'%s"
        % (text, "; did you mean '%s'?" % meant if meant else "")
    )


def _called(text: str, found: List[Mark]) -> List[Mark]:
    """The students of this name, and the hand-ins of others."""
    students = [mark.student for mark in found if mark.student]
    ids = {one.id for one in Directory(students).called(text)}
    fitting = [mark for mark in found if mark.student and mark.student.id in ids]
    theirs = {_number(mark) for mark in fitting}
    for mark in _once(found):
        assert mark.submission is not None
        if mark.submission.name == text and _number(mark) not in theirs:
            fitting.append(mark)
    return fitting


def _once(found: List[Mark]) -> List[Mark]:
    """One mark for each hand-in: a team's is there for all of them."""
    return list({_number(m): m for m in reversed(found) if m.submission}.values())


def _number(mark: Mark) -> int:
    return mark.submission.number if mark.submission else 0


def _told(mark: Mark) -> str:
    who = mark.student.id if mark.student else "nobody known"
    if mark.submission is None:
        return "%s (nothing handed in)" % who
    return "%s (:%d %s)" % (who, _number(mark), mark.submission.name)


def handed_in(book: Gradebook, given: argparse.Namespace) -> Tuple[int, str]:
    """The number of the hand-in that is meant; and, with `--alone`, the id
    of the student whom it is about."""
    mark = find(book, given)
    if mark.submission is None:
        raise GradebookError("%s has handed nothing in" % mark.name)
    if not given.alone:
        return mark.submission.number, ""
    if mark.student is None:
        raise GradebookError("--alone needs a student that is known")
    return mark.submission.number, mark.student.id


def screen() -> Tuple[Style, bool]:
    """What stdout can show, and whether a table must fit."""
    wide = shutil.get_terminal_size().columns
    style = style_of(sys.stdout, os.environ, wide)
    return dataclasses.replace(style, width=wide), sys.stdout.isatty()
