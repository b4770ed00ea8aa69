"""What does an attack.yaml say, and which attacks are there?

Every mistake in such a file is one sentence with the file's name in it, since
an attack that is not run as its author meant proves nothing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Mapping, Tuple

import yaml

HERE = Path(__file__).resolve().parent
CATEGORIES = (
    "resources", "snooping", "tampering", "escaping", "archives", "reports",
)  # fmt: skip
WHO = ("user", "root")
#: What an attack that got through may be seen by; see WRITING.md.
SIGNS = ("mark", "canary", "heard", "bystander", "gains", "bound", "answers",
         "left", "innocent", "verdicts", "says", "never", "ended")  # fmt: skip
USUAL_SIGNS = ("mark", "canary", "heard", "bystander", "ended")
_VERDICTS = ("pass", "partial", "fail", "manual", "not-judged")
_STATUSES = ("graded", "incomplete", "ungradable")
_KNOWN = {
    "tries", "success", "stopped-by", "base", "where", "expect", "says",
    "never", "page-never", "bound_s", "without", "needs", "users", "gains", "shows",
}  # fmt: skip


class SpecError(Exception):
    """An attack.yaml is not what it must be."""


@dataclass(frozen=True)
class Expected:
    """What the report must say; an empty part is not compared."""

    full: bool = False
    refused: bool = False  # the hand-in is turned down: exit status 2
    status: str = ""
    verdicts: Tuple[Tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Attack:
    """One attack of the list."""

    folder: Path
    tries: str
    success: str
    stopped_by: Tuple[str, ...]
    base: str
    where: str
    expect: Expected
    says: Tuple[str, ...]
    never: Tuple[str, ...]
    page_never: Tuple[str, ...]
    bound_s: float
    without: str  # "" where it is run with the layer off, else why not
    needs: Tuple[str, ...]
    users: Tuple[str, ...]
    gains: Tuple[Tuple[str, str], ...]
    shows: Tuple[str, ...]

    @property
    def name(self) -> str:
        return "%s/%s" % (self.folder.parent.name, self.folder.name)


def attacks(root: Path = HERE) -> List[Attack]:
    """Every attack of the list, by name."""
    return [
        load(path.parent)
        for category in CATEGORIES
        for path in sorted((root / category).glob("*/attack.yaml"))
    ]


def load(folder: Path) -> Attack:
    """Read the attack.yaml of a folder; SpecError where it is wrong."""
    path = folder / "attack.yaml"
    try:
        told = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise SpecError("%s: %s" % (path, error)) from error
    try:
        return _attack(folder, told)
    except SpecError as error:
        raise SpecError("%s: %s" % (path, error)) from error


def _attack(folder: Path, told: Any) -> Attack:
    if not isinstance(told, dict):
        raise SpecError("must be a mapping")
    unknown = sorted(set(map(str, told)) - _KNOWN)
    if unknown:
        raise SpecError("unknown key '%s'" % unknown[0])
    base = _one_of("base", told.get("base", ""), ("", *bases()))
    if base and not (folder / "attack.py").exists() and base == "right-python":
        raise SpecError("with 'base: right-python', attack.py must be beside it")
    if not told.get("stopped-by"):
        raise SpecError("'stopped-by' must name a layer of layers.py, or several")
    return Attack(
        folder=folder,
        tries=_sentence("tries", told),
        success=_sentence("success", told),
        stopped_by=_words("stopped-by", told["stopped-by"]),
        base=base,
        where=_one_of("where", told.get("where", "server"),
                      ("server", "client", "both")),
        expect=_expected(told.get("expect")),
        says=_patterns("says", told.get("says", [])),
        never=_patterns("never", told.get("never", [])),
        page_never=_patterns("page-never", told.get("page-never", [])),
        bound_s=_seconds(told.get("bound_s", 60)),
        without=_without(told.get("without")),
        needs=_words("needs", told.get("needs", [])),
        users=tuple(_one_of("users", who, WHO)
                    for who in _words("users", told.get("users", list(WHO)))),
        gains=_verdicts("gains", told.get("gains", {})),
        shows=_shows(told),
    )  # fmt: skip


def bases() -> List[str]:
    """The submissions that an attack may be laid over."""
    return sorted(os.listdir(str(HERE / "base")))


def _sentence(key: str, told: Mapping[str, Any]) -> str:
    text = told.get(key)
    if not isinstance(text, str) or len(text.split()) < 3:
        raise SpecError("'%s' must be a sentence" % key)
    return " ".join(text.split())


def _words(key: str, value: Any) -> Tuple[str, ...]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(w, str) for w in words):
        raise SpecError("'%s' must be a word or a list of words" % key)
    return tuple(words)


def _one_of(key: str, value: Any, known: Tuple[str, ...]) -> str:
    if value not in known:
        raise SpecError("'%s' is %r; it can be %s" % (key, value, ", ".join(known)))
    return str(value)


def _patterns(key: str, value: Any) -> Tuple[str, ...]:
    for pattern in _words(key, value):
        try:
            re.compile(pattern)
        except re.error as error:
            raise SpecError("'%s' has %r: %s" % (key, pattern, error)) from error
    return _words(key, value)


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value <= 0:
        raise SpecError("'bound_s' must be a number of seconds")
    return float(value)


def _without(value: Any) -> str:
    if not isinstance(value, str):
        raise SpecError("'without' must be `safe`, or why it is not run")
    if value == "safe":
        return ""
    return _sentence("without", {"without": value})


def _verdicts(key: str, value: Any) -> Tuple[Tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise SpecError("'%s' must map criteria to verdicts" % key)
    return tuple(
        (str(id), _one_of(key, verdict, _VERDICTS)) for id, verdict in value.items()
    )


def _expected(value: Any) -> Expected:
    if value in ("full", "refused"):
        return Expected(full=value == "full", refused=value == "refused")
    if not isinstance(value, dict) or not value:
        raise SpecError("'expect' must be `full`, `refused`, or map criteria to"
                        " verdicts")  # fmt: skip
    rest: Dict[str, Any] = dict(value)
    status = rest.pop("status", None)
    if status is not None:
        _one_of("status", status, _STATUSES)
    return Expected(status=status or "", verdicts=_verdicts("expect", rest))


def _shows(told: Mapping[str, Any]) -> Tuple[str, ...]:
    usual = USUAL_SIGNS + (("gains",) if told.get("gains") else ())
    signs = _words("shows", told.get("shows", list(usual)))
    return tuple(_one_of("shows", sign, SIGNS) for sign in signs)
