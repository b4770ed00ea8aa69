"""Who is in the class, as a file of any of the usual forms says?

A roster is a table with a header; columns are found by their names, in any
order. The files that Canvas, Moodle and Gradescope hand out are rosters, too.
What is missing or twice there is told with file and line, all at once, and
then nothing is taken: half a class would be worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Dict, List, Optional, Sequence, Tuple

from grader import export_table
from grader.export_table import Row, Table, unguarded
from grader.gradebook_model import GradebookError, Student

#: Names of columns, in lower case without signs; earlier ones count more.
SPELLINGS: Dict[str, Tuple[str, ...]] = {
    "name": ("full name", "fullname", "student name", "name", "student",
             "display name", "sortable name"),
    "first": ("first name", "firstname", "given name", "forename", "first"),
    "last": ("last name", "lastname", "surname", "family name", "last"),
    "sis_id": ("sis user id", "sis id", "student id", "studentid",
               "student number", "id number", "idnumber", "university id",
               "matriculation number", "sid", "id"),
    "login": ("sis login id", "login id", "login", "username", "user name",
              "netid", "net id", "account", "user id", "user"),
    "email": ("email address", "email", "e mail address", "e mail", "mail"),
    "canvas_id": ("canvas user id", "canvas id"),
    "moodle_id": ("identifier", "moodle id", "participant"),
    "section": ("section", "sections", "section name", "class"),
    "team": ("team", "group", "team name", "group name", "groups", "teams"),
}  # fmt: skip
#: What may name a student, the best first.
IDS = ("sis_id", "login", "email", "canvas_id", "moodle_id")

_SHOWN = 20  # messages; nobody reads more of them


@dataclass(frozen=True)
class Roster:
    """A class, in the order of the file.

    `notes` say what was not used, and which column became the id.
    """

    students: Tuple[Student, ...]
    notes: Tuple[str, ...] = ()


def read(path: Path) -> Roster:
    """Read a roster; GradebookError says what is wrong in which lines."""
    return of_table(export_table.read(path))


def of_table(table: Table) -> Roster:
    """The roster that a table is."""
    columns = find_columns(table)
    if not any(id in columns for id in IDS):
        raise GradebookError(
            "%s:%d: no column names the students (such as 'id', 'login' or"
            " 'email'); the columns are: %s"
            % (table.name, table.rows[0].line, ", ".join(table.header))
        )
    rows = [row for row in table.body if is_student(row, columns)]
    if not rows:
        raise GradebookError("%s: there are no students in it" % table.name)
    known = [identity(row, columns) for row in rows]
    by = _id_column(known, columns)
    _complain(table, rows, known, by)
    students = tuple(_named(one, by) for one in known)
    return Roster(students, _notes(table, columns, by))


def find_columns(table: Table) -> Dict[str, int]:
    """Where each thing that is known of a student is."""
    titles = [_plain(title) for title in table.header]
    found = {}
    for field, names in SPELLINGS.items():
        at = next((titles.index(name) for name in names if name in titles), None)
        if at is not None:
            found[field] = at
    if "id" in titles and "student" in titles and "section" in titles:
        # Canvas: its own number is called ID there, and the school's SIS ID.
        found["canvas_id"] = titles.index("id")
        if found.get("sis_id") == found["canvas_id"]:
            del found["sis_id"]
    return found


def _plain(title: str) -> str:
    return re.sub(r"[^0-9a-z]+", " ", unguarded(title).casefold()).strip()


def is_student(row: Row, columns: Dict[str, int]) -> bool:
    """Whether a row speaks of a person: Canvas puts two others on top."""
    told = [row.text(at) for at in columns.values()]
    return any(told) and "Points Possible" not in row.text(0)


def identity(row: Row, columns: Dict[str, int]) -> Student:
    """All that a row says of a student; the id is empty."""

    def said(field: str) -> str:
        text = unguarded(row[columns.get(field)].text)
        # White space around it is nobody's name, and a line break is a blank.
        return " ".join(text.split())

    name = said("name")
    if "first" in columns and "last" in columns:
        name = (said("first") + " " + said("last")).strip() or name
    participant = re.match(r"(?:participant )?(\d+)$", said("moodle_id"), re.I)
    return Student(
        "", name, said("sis_id"), said("login"), said("email"),
        said("canvas_id"),
        participant.group(1) if participant else said("moodle_id"),
        said("section"), said("team"),
    )  # fmt: skip


def _id_column(known: Sequence[Student], columns: Dict[str, int]) -> str:
    """The best column in which nobody is missing, or the fewest are."""

    def missing(field: str) -> int:
        return sum(not getattr(one, field) for one in known)

    return min((id for id in IDS if id in columns), key=missing)


def _complain(
    table: Table, rows: Sequence[Row], known: Sequence[Student], by: str
) -> None:
    wrong: List[str] = []
    seen: Dict[Tuple[str, str], int] = {}
    for row, one in zip(rows, known):
        place = "%s:%d: " % (table.name, row.line)
        if not getattr(one, by):
            wrong.append(
                "%s%s has no %s" % (place, one.name or "somebody", _told(by))
            )
        for field in IDS:
            value = getattr(one, field).casefold()
            before = seen.setdefault((field, value), row.line)
            if value and before != row.line:
                wrong.append(
                    "%sthe %s '%s' is also in line %d"
                    % (place, _told(field), getattr(one, field), before)
                )
    if len(wrong) > _SHOWN:
        wrong[_SHOWN:] = ["and %d more" % (len(wrong) - _SHOWN)]
    if wrong:
        raise GradebookError("\n".join(wrong))


def _told(field: str) -> str:
    return {
        "sis_id": "student id", "canvas_id": "Canvas id",
        "moodle_id": "Moodle identifier",
    }.get(field, field)  # fmt: skip


def _named(one: Student, by: str) -> Student:
    known = {field.name: getattr(one, field.name) for field in fields(one)}
    known["id"] = getattr(one, by)
    return Student(**known)


def _notes(table: Table, columns: Dict[str, int], by: str) -> Tuple[str, ...]:
    used = set(columns.values())
    unused = [t for at, t in enumerate(table.header) if at not in used and t]
    notes = ["students go by their " + _told(by)]
    if unused:
        notes.append("columns that were not used: " + ", ".join(unused))
    return tuple(notes)


def merged(old: Student, new: Student) -> Student:
    """What is known after one more file: it adds, and says last what both
    say; what it is silent about stays."""
    known: Dict[str, str] = {}
    for field in fields(old):
        said: Optional[str] = getattr(new, field.name)
        known[field.name] = said or getattr(old, field.name)
    known["id"] = old.id
    return Student(**known)
