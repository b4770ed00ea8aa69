"""How does `mngrade gradebook` hand marks on, and take them back?"""

from __future__ import annotations

import argparse
import getpass
from pathlib import Path
from typing import Callable, Optional

from grader import export_table, gradebook_class, gradebook_export
from grader import gradebook_import, roster
from grader.export_sheet import Options
from grader.gradebook import Gradebook
from grader.gradebook_find import find, screen
from grader.gradebook_model import GradebookError, Mark
from grader.words import count, number

Tell = Callable[[str], None]
OK, LEFT = 0, 1


def export(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Write the marks in a format; what was handed on is kept."""
    one: Optional[Mark] = find(book, given) if given.who else None
    lab = book.one_lab(given.lab)
    marks = [one] if one else book.marks(lab, given.attempts)
    wanted = Options(given.assignment, given.everything, given.cap)
    exported = gradebook_export.export(
        book, given.format, marks, lab, wanted, given.template, one is not None
    )
    if given.output == "-":
        tell(gradebook_export.as_text(exported, given.format))
    else:
        gradebook_export.write(exported, Path(given.output))
    for note in exported.notes:
        warn(note)
    if given.format in gradebook_export.KEPT and exported.points:
        where = "%s, %s" % (given.format, given.output)
        try:
            book.add_export(lab, exported.points, where, user())
        except GradebookError as error:
            warn("that this was exported is not kept: %s" % error)
    return OK


def user() -> str:
    """The name of who runs this."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user without a name
        return "somebody"


def take(
    book: Gradebook, given: argparse.Namespace, tell: Tell, warn: Tell
) -> int:
    """Import a roster, or grades that were changed."""
    table = export_table.read(given.file)
    if given.format == "roster":
        return _import_roster(book, given, table, tell, warn)
    sheet = gradebook_import.understand(table, given.format, given.assignment)
    plan = gradebook_import.take(
        book, sheet, given.by, given.lab, given.attempts, given.partial
    )
    for text in plan.notes + plan.problems:
        warn(text)
    for change in plan.changes:
        before = change.mark.points
        tell(
            "%s: %s, before %s\n"
            % (
                screen()[0].inert(change.mark.name),
                number(change.points),
                "-" if before is None else number(before),
            )
        )
    told = count(len(plan.changes), "grade")
    tell("%s imported, %d unchanged\n" % (told, plan.same))
    return LEFT if plan.problems else OK


def _import_roster(
    book: Gradebook,
    given: argparse.Namespace,
    table: export_table.Table,
    tell: Tell,
    warn: Tell,
) -> int:
    why = "imported from %s" % given.file
    taken = gradebook_class.take_roster(
        book, roster.of_table(table), given.by, why
    )
    for note in taken.notes:
        warn(note)
    tell(
        "%s new, %d changed; %s found their owners\n"
        % (
            count(len(taken.new), "student"),
            len(taken.changed),
            count(len(taken.owned), "hand-in"),
        )
    )
    return OK
