"""What did the author of a lab probably mean?

Python says what is wrong in a lab's file. This adds the line of the lab's
own file, and the nearest word that would have been right. Only a lab with a
mistake comes here.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import re
import sys
import traceback
from pathlib import Path
from types import FrameType
from typing import (
    Any,
    Callable,
    Dict,
    Iterable,
    Iterator,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from grader import api, words

_IMPORT = re.compile(r"cannot import name '(\w+)' from '([\w.]+)'")
_MODULE = re.compile(r"No module named '([\w.]+)'")
_OBJECT = re.compile(r"'(\w+)' object has no attribute '(\w+)'")
_PART = re.compile(r"module '([\w.]+)' has no attribute '(\w+)'")
_NAME = re.compile(r"name '(\w+)' is not defined")
_KEYWORD = re.compile(
    r"([\w.]+)\(\) got an unexpected keyword argument '(\w+)'"
)


def place(folder: Path, error: BaseException) -> str:
    """The line of the lab's own file at which it went wrong."""
    if isinstance(error, SyntaxError) and error.lineno:
        return "%s:%s" % (error.filename, error.lineno)
    found = str(folder / "scenarios.py")
    for frame in traceback.extract_tb(error.__traceback__):
        if _within(folder, frame.filename):
            found = "%s:%s" % (frame.filename, frame.lineno)
    return found


def told(error: BaseException) -> str:
    """The error in a line, with the nearest right word where there is one."""
    if isinstance(error, SyntaxError):
        return str(error.msg)
    text = re.sub(r" \(\S+\.py\)$", "", str(error))
    text = "%s: %s" % (type(error).__name__, text or "no more is said")
    return words.printable(text.split("\n")[0]) + _advice(error)


def mistake_of_script(
    folder: Path, error: Exception, known: Mapping[str, Sequence[str]]
) -> Optional[str]:
    """What a scenario's script did wrong; None where it may be our fault.

    The script is to blame for what fails in its own lines, and for a name
    that it passed on and that is none. `known` has the right names for a
    parameter of the run API: roles and hosts.
    """
    frames = list(_frames(error))
    if not frames:
        return None
    at = max(
        (i for i, f in enumerate(frames) if _within(folder, _file(f))),
        default=-1,
    )
    where = place(folder, error)
    for frame in frames[at + 1 : at + 2] if at >= 0 else []:
        wrong = _wrong_name(error, frame, known)
        if wrong:
            return "%s: %s" % (where, wrong)
    ours = [f for f in frames[at + 1 :] if _within(_GRADER, _file(f))]
    if at < 0 or ours:
        return None
    return "%s: %s" % (where, told(error))


def misfit(script: Callable[..., Any], values: Iterable[str]) -> Optional[str]:
    """Why a scenario's values cannot be given to its script."""
    parameters = list(inspect.signature(script).parameters.values())
    if any(p.kind is p.VAR_KEYWORD for p in parameters):
        return None
    given, names = list(values), [p.name for p in parameters[1:]]
    if not parameters:
        return "%s() must take the run" % script.__name__
    for name in given:
        if name not in names:
            options = list(inspect.signature(api.scenario).parameters)
            return "'%s' is no parameter of %s()%s" % (
                name, script.__name__, _meant(name, names + options[:-1]),
            )  # fmt: skip
    for one in parameters[1:]:
        if one.name not in given and one.default is one.empty:
            return "%s() wants '%s', but @scenario has no values for it" % (
                script.__name__, one.name,
            )  # fmt: skip
    return None


def insight_ids(folder: Path) -> Optional[List[str]]:
    """The ids of a lab's insights; None where some are made at run time."""
    ids: List[str] = []
    for path in sorted(folder.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            if getattr(node.func, "id", "") != "Insight":
                continue
            first = next(
                iter(node.args + [k.value for k in node.keywords if k.arg == "id"]),
                None,
            )
            if not isinstance(first, ast.Constant):
                return None
            ids.append(str(first.value))
    return ids


# ---- the nearest word ------------------------------------------------------

_GRADER = Path(__file__).resolve().parent


def _meant(wrong: str, known: Iterable[str]) -> str:
    meant = words.nearest(wrong, known)
    return "; did you mean '%s'?" % meant if meant else ""


def _advice(error: BaseException) -> str:
    for kind, pattern, candidates in _KINDS:
        match = pattern.search(str(error)) if isinstance(error, kind) else None
        if match:
            groups = match.groups()
            near = candidates(error, groups)
            return _meant(groups[0] if len(groups) == 1 else _wrong(kind, groups),
                          (n for n in near if not n.startswith("_")))
    return ""


def _wrong(kind: type, groups: Tuple[str, ...]) -> str:
    """An import names the thing first, everything else names it last."""
    return groups[0] if kind is ImportError else groups[-1]


def _of_module(_error: BaseException, groups: Tuple[str, ...]) -> List[str]:
    name = groups[1] if len(groups) > 1 and groups[1] in sys.modules else groups[0]
    module = sys.modules.get(name)
    return list(getattr(module, "__all__", None) or dir(module))


def _modules(_error: BaseException, groups: Tuple[str, ...]) -> List[str]:
    package = groups[0].rpartition(".")[0]
    paths = getattr(sys.modules.get(package), "__path__", [])
    beside = [p.stem for folder in paths for p in Path(folder).glob("*.py")]
    return ["%s.%s" % (package, stem) for stem in beside if package != "grader"] + [
        "grader.api"
    ]


def _of_object(error: BaseException, groups: Tuple[str, ...]) -> List[str]:
    """What an object of this class has: ours, or one that the line knows."""
    found: List[str] = []
    for frame in _frames(error):
        for value in frame.f_locals.values():
            if type(value).__name__ == groups[0]:
                found = dir(value)
    return found or dir(getattr(api, groups[0], None))


def _names(error: BaseException, _groups: Tuple[str, ...]) -> List[str]:
    known = list(api.__all__) + dir(builtins)
    for frame in _frames(error):
        known += list(frame.f_locals) + list(frame.f_globals)
    return known


def _parameters(_error: BaseException, groups: Tuple[str, ...]) -> List[str]:
    name = groups[0].rpartition(".")[2]
    for owner in (api, api.Run, api.Trace, api.State):
        function = getattr(owner, name, None)
        if callable(function):
            return list(inspect.signature(function).parameters)
    return []


_Candidates = Callable[[BaseException, Tuple[str, ...]], List[str]]
_KINDS: Tuple[Tuple[type, "re.Pattern[str]", _Candidates], ...] = (
    (ModuleNotFoundError, _MODULE, _modules),
    (ImportError, _IMPORT, _of_module),
    (AttributeError, _OBJECT, _of_object),
    (AttributeError, _PART, _of_module),
    (NameError, _NAME, _names),
    (TypeError, _KEYWORD, _parameters),
)


# ---- frames ----------------------------------------------------------------


def _wrong_name(
    error: Exception, frame: FrameType, known: Mapping[str, Sequence[str]]
) -> Optional[str]:
    """An argument of an API function that names nothing."""
    key = error.args[0] if isinstance(error, KeyError) and error.args else None
    for parameter, right in known.items():
        given: Dict[str, Any] = frame.f_locals
        if not isinstance(key, str) or given.get(parameter) != key:
            continue
        if key not in right:
            advice = _meant(key, right) or "; there are: " + ", ".join(right)
            return "no %s '%s'%s" % (parameter, key, advice)
    return None


def _frames(error: BaseException) -> Iterator[FrameType]:
    for frame, _line in traceback.walk_tb(error.__traceback__):
        yield frame


def _file(frame: FrameType) -> str:
    return frame.f_code.co_filename


def _within(folder: Path, file: str) -> bool:
    return file.startswith(str(folder) + "/")
