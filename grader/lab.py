"""What is a lab, and where are they?

A lab is a folder with rubric.yaml and scenarios.py. Loading it checks the
rubric and that every automatic criterion has a check; a mistake is a LabError
with one clear message.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Callable, Dict, List, Sequence, Set, Tuple

from grader import api, rubric, words, yaml_lines

LABS = Path(__file__).resolve().parent.parent / "labs"


class LabError(Exception):
    """No such lab, or a lab that is broken."""


@dataclass(frozen=True)
class Lab:
    """A lab, loaded and checked."""

    name: str
    folder: Path
    rubric: rubric.Rubric
    cases: Tuple[api.Case, ...]
    checks: Dict[str, api.Check]
    insights: Tuple[api.InsightCheck, ...]
    learners: Tuple[api.Learner, ...] = ()

    def case(self, name: str) -> api.Case:
        return next(case for case in self.cases if case.name == name)


def available(labs: Path = LABS) -> List[str]:
    """The names of the labs, sorted."""
    if not labs.is_dir():
        return []
    return sorted(p.parent.name for p in labs.glob("*/rubric.yaml"))


def load(name: str, labs: Path = LABS) -> Lab:
    """Load a lab by its name, or by the path of its folder."""
    folder = Path(name).resolve() if "/" in name else labs / name
    if not name or not (folder / "rubric.yaml").is_file():
        known = available(labs)
        meant = words.nearest(name, known)
        advice = " (did you mean '%s'?)" % meant if meant else ""
        raise LabError(
            "no lab '%s'%s; there are: %s"
            % (name, advice, ", ".join(known) or "none")
        )
    try:
        rules = rubric.load(folder / "rubric.yaml")
    except rubric.RubricError as error:
        raise LabError(str(error)) from error
    registry = _run_scenarios(folder)
    lab = Lab(
        folder.name,
        folder,
        rules,
        tuple(registry.cases),
        registry.checks,
        tuple(registry.insights),
        tuple(registry.learners),
    )
    _agree(lab)
    return lab


def _run_scenarios(folder: Path) -> api.Registry:
    """Import scenarios.py as a module of a package that is the folder, so
    that it may import its neighbours with `from . import ...`."""
    if not (folder / "scenarios.py").is_file():
        raise LabError("%s: there is no scenarios.py" % folder)
    package = "mngrade_lab_" + "".join(
        c if c.isalnum() else "_" for c in folder.name
    )
    for loaded in [m for m in sys.modules if m.split(".")[0] == package]:
        del sys.modules[loaded]
    module = ModuleType(package)
    module.__path__ = [str(folder)]
    sys.modules[package] = module
    registry = api.open_registry()
    try:
        importlib.import_module(package + ".scenarios")
    except (Exception, SystemExit) as error:
        raise LabError(explain(folder, error)) from error
    finally:
        api.close_registry()
    return registry


def explain(folder: Path, error: BaseException) -> str:
    """A mistake in a lab's file, with file, line and what was meant."""
    from grader import lab_explain  # seldom needed

    place = lab_explain.place(folder, error)
    return "%s: %s" % (place, lab_explain.told(error))


def _agree(lab: Lab) -> None:
    """Rubric and scenarios must speak of the same criteria."""
    ids = lab.rubric.ids
    for id, function in lab.checks.items():
        if id not in ids:
            meant = words.nearest(id, ids)
            raise LabError(
                "%s: a check for '%s', which is no criterion of rubric.yaml%s"
                % (
                    _line_of(function, lab),
                    id,
                    "; did you mean '%s'?" % meant if meant else "",
                )
            )
    for at, criterion in enumerate(lab.rubric.criteria):
        if not criterion.manual and criterion.id not in lab.checks:
            path = lab.folder / "rubric.yaml"
            line = yaml_lines.read(path).line(("criteria", at, "id"))
            raise LabError(
                "%s:%d: criterion '%s' is judged automatically, but"
                " scenarios.py has no check for it" % (path, line, criterion.id)
            )
    names: Set[str] = set()
    for case in lab.cases:
        if case.name in names:
            raise LabError(
                "%s: two scenarios have the name '%s'"
                % (_line_of(case.script, lab), case.name)
            )
        names.add(case.name)
        _has_its_links(case, lab)
        _takes_its_values(case, lab)


def _takes_its_values(case: api.Case, lab: Lab) -> None:
    """A misspelt option of @scenario is taken for a value of its script."""
    code = getattr(case.script, "__code__", None)
    if code is None:
        return
    taken = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
    if set(taken) == set(case.values):
        return
    from grader import lab_explain

    why = lab_explain.misfit(case.script, case.values)
    if why:
        raise LabError("%s: %s" % (_line_of(case.script, lab), why))


def _has_its_links(case: api.Case, lab: Lab) -> None:
    """The links of a scenario must be there, and so must their names."""
    hosts, named = lab.rubric.topology.hosts, list(lab.rubric.links)
    for where, link in case.links.items():
        wrong = ""
        if "-" not in where and where not in hosts:
            wrong = "host '%s'%s" % (where, _meant(where, hosts))
        elif isinstance(link, str) and link not in named:
            wrong = "link '%s' in rubric.yaml%s" % (link, _meant(link, named))
        if wrong:
            raise LabError("%s: no %s" % (_line_of(case.script, lab), wrong))


def _meant(word: str, known: Sequence[str]) -> str:
    nearest = words.nearest(word, list(known))
    return "; did you mean '%s'?" % nearest if nearest else ""


def _line_of(function: Callable[..., Any], lab: Lab) -> str:
    """Where a lab declares one of its functions: file and line."""
    code = getattr(function, "__code__", None)
    if code is None:
        return str(lab.folder / "scenarios.py")
    return "%s:%d" % (code.co_filename, code.co_firstlineno)
