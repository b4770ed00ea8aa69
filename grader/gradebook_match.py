"""Which student does a row of a file, or the name of a hand-in, mean?

Ids decide. A name decides only where nobody else in the class could be meant
and no id speaks against it. Everything else is left to a person, with those
that might be meant.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Dict, Iterable, List, Sequence, Set, Tuple

from grader.gradebook_model import Student
from grader.roster import IDS

_ARCHIVE = re.compile(r"(\.(zip|tar|gz|tgz|bz2|xz|txz|7z|rar))+$", re.IGNORECASE)
# What learning systems call what they hand out:
# Canvas: ashalder_LATE_123_456_server.zip; 123 is the Canvas id.
_CANVAS = re.compile(r"(?P<name>[^_]+)_(?:late_)?(?P<id>\d+)_\d+_", re.IGNORECASE)
# Moodle: Alder Ash_123_assignsubmission_file; 123 is the participant.
_MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<id>\d+)_assignsubmission_")


class NoMatch(Exception):
    """Nobody is meant for sure; says why. `several` could be meant, or else
    nobody."""

    def __init__(self, why: str, several: bool = True) -> None:
        super().__init__(why)
        self.several = several


@dataclass(frozen=True)
class Matching:
    """Whose the hand-ins are: ids by name, and why not for the others."""

    found: Dict[str, Tuple[str, ...]]
    problems: Dict[str, str]


def name_key(text: str) -> str:
    """A name without case, accents, blanks and signs."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in bare if c.isalnum())


def _keys_of(name: str) -> Set[str]:
    """All ways to write a name: family name last, or first."""
    words = [word for word in re.split(r"[\s,]+", name) if word]
    return {
        name_key("".join(words[at:] + words[:at])) for at in range(len(words))
    }


class Directory:
    """The students of a class, to be looked up."""

    def __init__(self, students: Sequence[Student]) -> None:
        self._by_id: Dict[Tuple[str, str], List[Student]] = {}
        self._by_name: Dict[str, List[Student]] = {}
        self._teams: Dict[str, List[Student]] = {}
        for one in students:
            for field in ("id",) + IDS:
                value = getattr(one, field).casefold()
                if value:
                    self._by_id.setdefault((field, value), []).append(one)
            for key in _keys_of(one.name):
                self._by_name.setdefault(key, []).append(one)
            if one.team:
                self._teams.setdefault(name_key(one.team), []).append(one)

    def meant(self, told: Student) -> Student:
        """The one student that a row speaks of, or NoMatch."""
        found: List[Student] = []
        for field in ("id",) + IDS:
            value = getattr(told, field).casefold()
            found += self._by_id.get((field, value), []) if value else []
        if found:
            return _only(found, "its ids")
        return _only(
            [
                one
                for one in self._by_name.get(name_key(told.name), [])
                if not _speaks_against(one, told)
            ],
            "'%s'" % (told.name or "a row without a name"),
        )

    def called(self, text: str) -> List[Student]:
        """All whom a word could mean: an id, a name as it is or turned."""
        text = text.strip()
        found: List[Student] = []
        for field in ("id",) + IDS:
            found += self._by_id.get((field, text.casefold()), [])
        return _once(found or self._by_name.get(name_key(text), []))

    def holders(self, name: str) -> Tuple[str, ...]:
        """Whose hand-in has this name: ids, or NoMatch."""
        bare = _ARCHIVE.sub("", name)
        persons = self.called(bare)
        team = self._teams.get(name_key(bare), []) if name_key(bare) else []
        if persons and team:
            raise NoMatch("it is the name of a team and of a person")
        if team:
            return tuple(sorted(one.id for one in team))
        if not persons:
            persons = self._by_system(name)
        return (_only(persons, "the name").id,)

    def _by_system(self, name: str) -> List[Student]:
        """Whose it is by the form of name that a learning system gives."""
        for form, field in ((_MOODLE, "moodle_id"), (_CANVAS, "canvas_id")):
            match = form.match(name)
            if match is None:
                continue
            by_id = self._by_id.get((field, match.group("id")), [])
            by_name = self._by_name.get(name_key(match.group("name")), [])
            if by_id and by_name and not set(by_id) & set(by_name):
                raise NoMatch("its name and its number mean different students")
            if by_id:
                return by_id
            # A number that is nobody's speaks against those who have one.
            return [one for one in by_name if not getattr(one, field)]
        return []


def _speaks_against(one: Student, told: Student) -> bool:
    """Whether both have the same kind of id, with another value."""
    return any(
        getattr(one, field)
        and getattr(told, field)
        and getattr(one, field).casefold() != getattr(told, field).casefold()
        for field in IDS
    )


def _once(found: Iterable[Student]) -> List[Student]:
    return list({one.id: one for one in found}.values())


def _only(found: Iterable[Student], what: str) -> Student:
    once = _once(found)
    if not once:
        raise NoMatch("%s: nobody in the gradebook is meant" % what, False)
    if len(once) > 1:
        names = ", ".join(sorted("%s (%s)" % (o.name, o.id) for o in once))
        raise NoMatch("%s: it could be each of %s" % (what, names))
    return once[0]


def match_submissions(
    students: Sequence[Student], names: Iterable[str]
) -> Matching:
    """Find whose each hand-in is, by its name alone.

    Ids, names of students and of teams count, as they are or without case,
    accents and signs, and the forms that Canvas and Moodle give to what is
    downloaded. What could mean two is nobody's, and is listed with both.
    """
    directory = Directory(students)
    found: Dict[str, Tuple[str, ...]] = {}
    problems: Dict[str, str] = {}
    for name in names:
        try:
            found[name] = directory.holders(name)
        except NoMatch as why:
            problems[name] = str(why)
    return Matching(found, problems)
