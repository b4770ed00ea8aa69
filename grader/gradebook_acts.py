"""What does `mngrade gradebook` do for a person who reads or decides?

One function for each part of the command. Each gets the open book and the
command line, tells results and warnings, and returns the exit status.
"""

from __future__ import annotations

import argparse
from typing import Callable

from grader import gradebook_text
from grader.gradebook import Gradebook
from grader.gradebook_find import find, handed_in, screen
from grader.gradebook_handing import export, take, user
from grader.words import number

__all__ = ["comment", "decide", "export", "history", "override", "review",
           "show", "student", "take", "undo"]  # fmt: skip

Tell = Callable[[str], None]
OK = 0


def show(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """The marks of the class, or what waits for a person."""
    if given.waiting:
        tell(gradebook_text.pending(book.pending_manual(given.lab), *screen()))
    else:
        found = book.marks(given.lab, given.attempts)
        tell(gradebook_text.marks(found, *screen()))
    return OK


def student(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """All of one mark."""
    mark = find(book, given)
    of = book.gradings(mark.submission.number) if mark.submission else []
    tell(gradebook_text.mark(mark, of, *screen()))
    return OK


def history(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """What happened to one mark, or to all."""
    if given.who is None:
        found = book.history()
    else:
        mark = find(book, given)
        if mark.student is not None:
            found = book.history(student=mark.student.id)
        else:
            assert mark.submission is not None
            found = book.history(submission=mark.submission.number)
    tell(gradebook_text.history(found, *screen()))
    return OK


def decide(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Points for a row that waits."""
    which, student = handed_in(book, given)
    entry = book.decide(
        which, given.criterion, given.points, given.by, given.why, student
    )
    return _done(book, given, entry, tell)


def override(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Other points, for a row or the whole."""
    which, student = handed_in(book, given)
    entry = book.override(
        which, given.criterion, given.points, given.by, given.why, student
    )
    return _done(book, given, entry, tell)


def comment(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Words about a row or the whole."""
    which, student = handed_in(book, given)
    entry = book.comment(
        which, given.text, given.by, given.criterion, student
    )
    return _done(book, given, entry, tell)


def _done(
    book: Gradebook, given: argparse.Namespace, entry: int, tell: Tell
) -> int:
    mark = find(book, given)
    points = "-" if mark.points is None else number(mark.points)
    tell(
        "entry %d: %s has %s of %s points now\n"
        % (entry, screen()[0].inert(mark.name), points, number(mark.max_points))
    )
    return OK


def undo(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Take an entry back, or an undo."""
    entry = book.undo(given.entry, given.by, given.why)
    told = next(one for one in book.history() if one.entry == entry)
    tell("entry %d: %s\n" % (entry, told.text))
    return OK


def review(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """The pages on which a person decides, until Ctrl-C."""
    from grader import review as pages  # other parts do not need it

    lab = book.one_lab(given.lab)
    pages.serve(book.path, lab, given.who.strip() or user(), given.port, tell)
    return OK
