"""How does a roster become known to a gradebook?

Students who are there already learn their other ids; new ones are added; and
hand-ins of nobody known find their owners, where their names leave no doubt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Dict, List, Tuple

from grader.gradebook import Gradebook
from grader.gradebook_match import Directory, NoMatch, match_submissions
from grader.gradebook_model import GradebookError, Student, Submission
from grader.roster import Roster, merged


@dataclass(frozen=True)
class Taken:
    """What came of a roster: ids, and what a person should look at."""

    new: Tuple[str, ...]
    changed: Tuple[str, ...]
    owned: Tuple[str, ...]  # names of hand-ins that found their owners
    notes: Tuple[str, ...]


def take_roster(book: Gradebook, roster: Roster, who: str, why: str) -> Taken:
    """Add a roster, all of it or nothing.

    Raises GradebookError where a line could mean several students.
    """
    with book.transaction():
        before = {one.id: one for one in book.students()}
        new, changed = _students(book, roster, before, who, why)
        owned, notes = _owners(book, who, why)
    return Taken(tuple(new), tuple(changed), tuple(owned), roster.notes + notes)


def _students(
    book: Gradebook,
    roster: Roster,
    before: Dict[str, Student],
    who: str,
    why: str,
) -> Tuple[List[str], List[str]]:
    directory = Directory(list(before.values()))
    new: List[str] = []
    changed: List[str] = []
    seen: Dict[str, str] = {}
    for told in roster.students:
        try:
            known = directory.meant(told)
        except NoMatch as doubt:
            if doubt.several:
                raise GradebookError("%s: %s" % (told.name, doubt)) from doubt
            book.add_student(told, who, why)
            new.append(told.id)
            continue
        if known.id in seen:
            raise GradebookError(
                "%s and %s would both be %s"
                % (seen[known.id], told.name, known.name)
            )
        seen[known.id] = told.name
        if merged(known, told) != known:
            book.add_student(merged(known, told), who, why)
            changed.append(known.id)
    return new, changed


def _owners(
    book: Gradebook, who: str, why: str
) -> Tuple[List[str], Tuple[str, ...]]:
    """Give the hand-ins of nobody known to those whom they name."""
    orphans: List[Submission] = [
        one for one in book.submissions() if not one.students
    ]
    matching = match_submissions(book.students(), [o.name for o in orphans])
    for one in orphans:
        if one.name in matching.found:
            book.add_submission(
                one.lab, one.name, matching.found[one.name], one.attempt,
                one.late_s, one.received, one.path, who, why,
            )  # fmt: skip
    notes = tuple(
        "hand-in '%s': %s" % problem for problem in matching.problems.items()
    )
    return list(matching.found), notes
