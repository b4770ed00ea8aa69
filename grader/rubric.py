"""What does an instructor want of this lab?

Reads `labs/NAME/rubric.yaml`. What may stand in it is said in one place,
`rubric.schema.json`. Every grading reads a rubric, so a plainly good one must
load in a few milliseconds: `schema_check` says yes where it is sure. Where it
is not, fastjsonschema decides, and `rubric_explain` finds the words.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Mapping, Optional, Tuple

from grader import schema_check, words, yaml_lines
from grader.bounds import BUILD, Bounds
from grader.links import Link
from grader.model import Criterion

SCHEMA_FILE = Path(__file__).with_name("rubric.schema.json")


class RubricError(Exception):
    """A mistake in a rubric, with its file and line."""


@dataclass(frozen=True)
class ProgramRule:
    """One of the lab's programs, and how it is recognised."""

    role: str  # "server" or "client"
    names: Tuple[str, ...]  # words in names of files that speak for it
    count: int = 1  # how many of it run at once
    port: Optional[int] = None  # by custom; None where there is no custom


@dataclass(frozen=True)
class Topology:
    """Which network, and which hosts the programs run on."""

    shape: str
    server: Tuple[str, ...]
    clients: Tuple[str, ...]
    links: Mapping[str, Link] = field(default_factory=dict)  # in every run

    @property
    def hosts(self) -> Tuple[str, ...]:
        return self.server + self.clients


@dataclass(frozen=True)
class Limits:
    """How long we wait for what nothing but time can end, and how much a
    program or a build may use."""

    limit_s: float = 20
    busy_ms: float = 500
    bounds: Bounds = Bounds()
    build: Bounds = BUILD


@dataclass(frozen=True)
class Text:
    """A text that the handout asks for."""

    id: str
    by: str  # "server" or "client"
    to: str  # "server", "client" or "terminal"
    says: Tuple[str, ...]
    exact: bool = False  # letter for letter; else for its meaning
    required: bool = True  # else it is compared, and costs nothing


@dataclass(frozen=True)
class Rubric:
    """A rubric, checked and ready to use."""

    lab: str
    title: str
    programs: Tuple[ProgramRule, ...]
    topology: Topology
    criteria: Tuple[Criterion, ...]
    counts: Tuple[str, ...]  # what counts, for each of `criteria`
    texts: Tuple[Text, ...] = ()
    limits: Limits = Limits()
    exact: bool = False  # the strictness of texts that say nothing of it
    course: str = ""
    source: str = ""
    hide: Tuple[str, ...] = ()  # parts of a report that students do not see
    hides: Tuple[Tuple[str, ...], ...] = ()  # the same, for each criterion
    links: Mapping[str, Link] = field(default_factory=dict)  # by their names

    @property
    def max_points(self) -> float:
        """The points of a full mark; what is a bonus comes on top."""
        return sum(row.points for row in self.criteria if not row.bonus)

    @property
    def ids(self) -> Tuple[str, ...]:
        return tuple(criterion.id for criterion in self.criteria)

    def criterion(self, id: str) -> Criterion:
        """Return the criterion with this id; KeyError names a near one."""
        return self.criteria[_index(id, self.ids, "criterion")]

    def counts_for(self, id: str) -> str:
        """Return what counts for this criterion, in the rubric's words."""
        return self.counts[_index(id, self.ids, "criterion")]

    def hidden(self, id: str) -> FrozenSet[str]:
        """Return what students do not see of this criterion."""
        own = self.hides[self.ids.index(id)] if id in self.ids else ()
        return frozenset(self.hide + own)

    def program(self, role: str) -> ProgramRule:
        roles = tuple(rule.role for rule in self.programs)
        return self.programs[_index(role, roles, "program")]

    def text(self, id: str) -> Text:
        ids = tuple(text.id for text in self.texts)
        return self.texts[_index(id, ids, "text")]


def _index(id: str, ids: Tuple[str, ...], what: str) -> int:
    try:
        return ids.index(id)
    except ValueError:
        meant = words.nearest(id, ids)
        advice = "; did you mean '%s'?" % meant if meant else ""
        raise KeyError("no %s '%s'%s" % (what, id, advice)) from None


def load(path: Path) -> Rubric:
    """Read and check a rubric, or raise RubricError with file and line."""
    shown = _shown_path(path)
    try:
        document = yaml_lines.read(path)
    except yaml_lines.YamlError as error:
        raise _error(shown, error.line, error.why) from error
    schema = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
    wrong: Optional[Tuple[int, str]] = None
    if not schema_check.surely_valid(document.value, schema):
        from grader import rubric_explain  # slow to import, seldom needed

        wrong = rubric_explain.mistake(document, schema)
    wrong = wrong or _twice(document) or _unknown_link(document)
    if wrong:
        raise _error(shown, *wrong)
    return _rubric(document.value)


def _shown_path(path: Path) -> str:
    """Return the path as a person in this folder would type it."""
    here = os.path.relpath(path)
    return str(path) if here.startswith("..") else here


def _error(shown: str, line: int, why: str) -> RubricError:
    where = "%s:%d" % (shown, line) if line else shown
    return RubricError(words.printable("%s: %s" % (where, why)))


def _twice(document: yaml_lines.Document) -> Optional[Tuple[int, str]]:
    """Find what a schema cannot: an id or a host that is there twice."""
    criteria, topology = document.value["criteria"], document.value["topology"]
    named: List[Tuple[str, yaml_lines.Place]] = [
        ("criterion '%s'" % row["id"], ("criteria", at, "id"))
        for at, row in enumerate(criteria)
    ]
    for side in ("server", "clients"):
        for at, host in enumerate(topology[side]):
            named.append(("host '%s'" % host, ("topology", side, at)))
    first: Dict[str, int] = {}
    for name, place in named:
        line = document.line(place)
        if name in first:
            return line, "%s is there twice; first in line %d" % (
                name, first[name],
            )  # fmt: skip
        first[name] = line
    return None


def _unknown_link(document: yaml_lines.Document) -> Optional[Tuple[int, str]]:
    """Find a link of a host or under a name that the rubric does not have."""
    topology = document.value["topology"]
    hosts = topology["server"] + topology["clients"]
    named = list(document.value.get("links", {}))
    for where, name in topology.get("links", {}).items():
        line = document.line(("topology", "links", where))
        if "-" not in where and where not in hosts:
            return line, "no host '%s'%s" % (where, _advice(where, hosts))
        if name not in named:
            return line, "no link '%s' under `links`%s" % (
                name, _advice(name, named),
            )  # fmt: skip
    return None


def _advice(word: str, known: List[str]) -> str:
    meant = words.nearest(word, known)
    if meant:
        return "; did you mean '%s'?" % meant
    return "; there are: %s" % (", ".join(known) or "none")


def _rubric(value: Dict[str, Any]) -> Rubric:
    named = {
        name: Link(**conditions)
        for name, conditions in value.get("links", {}).items()
    }
    exact = value.get("strictness") == "exact"
    return Rubric(
        lab=value["lab"],
        title=value["title"],
        programs=tuple(_program(*item) for item in value["programs"].items()),
        topology=Topology(
            value["topology"]["shape"],
            tuple(value["topology"]["server"]),
            tuple(value["topology"]["clients"]),
            {
                where: named[name]
                for where, name in value["topology"].get("links", {}).items()
            },
        ),
        criteria=tuple(_criterion(row) for row in value["criteria"]),
        counts=tuple(
            row.get("counts", "").strip() for row in value["criteria"]
        ),
        texts=tuple(
            _text(id, entry, exact)
            for id, entry in value.get("texts", {}).items()
        ),
        limits=_limits(dict(value.get("limits", {}))),
        exact=exact,
        course=value.get("course", ""),
        source=value.get("source", ""),
        hide=tuple(value.get("hide", ())),
        links=named,
        hides=tuple(tuple(row.get("hide", ())) for row in value["criteria"]),
    )


def _limits(value: Dict[str, Any]) -> Limits:
    waits = {k: value.pop(k) for k in ("limit_s", "busy_ms") if k in value}
    build = replace(BUILD, **value.pop("build", {}))
    return Limits(bounds=Bounds(**value), build=build, **waits)


def _program(role: str, entry: Dict[str, Any]) -> ProgramRule:
    port = entry.get("port")
    return ProgramRule(
        role,
        tuple(entry["names"]),
        int(entry.get("count", 1)),
        None if port is None else int(port),
    )


def _criterion(row: Dict[str, Any]) -> Criterion:
    return Criterion(
        id=row["id"],
        points=row["points"],
        title=row["title"],
        manual=row.get("judged") == "manual",
        hint=row.get("hint", "").strip(),
        partial=row.get("partial", Criterion.partial),
        rescued=row.get("rescued", Criterion.rescued),
        strict=row.get("strict", Criterion.strict),
        bonus=row.get("bonus", Criterion.bonus),
    )


def _text(id: str, entry: Dict[str, Any], exact: bool) -> Text:
    own = entry.get("strictness")
    return Text(
        id=id,
        by=entry["by"],
        to=entry["to"],
        says=tuple(entry["says"]),
        exact=exact if own is None else own == "exact",
        required=entry.get("required", True),
    )
