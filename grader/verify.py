"""Does a lab judge its own examples right?

Each example is a submission with a verdicts.yaml beside its programs: every
criterion that is not named there must pass (or be manual), the named ones
must get exactly what is written, and the insights named must appear.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import AbstractSet, Any, Dict, List, Mapping, Sequence, Tuple

from grader import lab_explain, words, yaml_lines
from grader.grade import Order, grade
from grader.lab import Lab
from grader.model import Outcome, Report, Verdict

FILE = "verdicts.yaml"
#: `fault` and `why` are for people.
KEYS = ("fault", "verdicts", "insights", "netem", "why")
#: What differs where the runs with slow or lossy links are made as well.
NETEM_KEYS = ("verdicts", "insights")


class VerifyError(Exception):
    """No such example, or one whose verdicts.yaml is wrong."""


@dataclass(frozen=True)
class Example:
    """A submission of which the verdicts are known."""

    name: str  # "bad/busy-wait"
    folder: Path
    verdicts: Dict[str, str]
    insights: Tuple[str, ...]
    netem_verdicts: Mapping[str, str] = field(default_factory=dict)
    netem_insights: Tuple[str, ...] = ()

    def where_links_are(self, slow: bool) -> "Example":
        """What it must get where links were slow or lossy in some runs, or
        those runs were left out."""
        if not slow:
            return self
        return replace(
            self,
            verdicts={**self.verdicts, **self.netem_verdicts},
            insights=self.insights + self.netem_insights,
        )


@dataclass(frozen=True)
class Result:
    """How one example was graded, and what differs from what must be."""

    example: Example
    report: Report
    seed: int
    differences: Tuple[str, ...]

    def line(self) -> str:
        head = "%-4s %-38s %3g of %3g points  %.2f s" % (
            "BAD" if self.differences else "ok",
            self.example.name,
            self.report.points,
            self.report.max_points - self.report.pending_points,
            self.report.elapsed_s,
        )
        return "\n".join([head] + ["       " + d for d in self.differences])


def examples(lab: Lab, names: Sequence[str] = ()) -> List[Example]:
    """The lab's examples and starters, or those that are named."""
    folders = sorted(lab.folder.glob("examples/*/*/" + FILE))
    folders += sorted(lab.folder.glob("starter/*/" + FILE))
    known = {_name(lab, path.parent): path.parent for path in folders}
    if not names:
        return [_example(lab, name, known[name]) for name in known]
    chosen = []
    for name in names:
        fits = [n for n in known if n == name or n.split("/")[-1] == name]
        if not fits:
            meant = words.nearest(name, [n.split("/")[-1] for n in known])
            raise VerifyError(
                "lab %s has no example '%s'%s"
                % (lab.name, name, "; did you mean '%s'?" % meant if meant else "")
            )
        chosen += [_example(lab, fit, known[fit]) for fit in fits]
    return chosen


def verify(
    lab: Lab, example: Example, seed: int, jobs: int = 0, switch: str = "bridge"
) -> Result:
    """Grade one example and compare."""
    report = grade(Order(lab, (example.folder,), seed, jobs, switch=switch))
    return Result(example, report, seed, tuple(_differences(example, report)))


def _name(lab: Lab, folder: Path) -> str:
    relative = folder.relative_to(lab.folder)
    parts = relative.parts[1:] if relative.parts[0] == "examples" else relative.parts
    return "/".join(parts)


def _example(lab: Lab, name: str, folder: Path) -> Example:
    path = folder / FILE
    try:
        document = yaml_lines.read(path)
    except yaml_lines.YamlError as error:
        raise VerifyError("%s:%d: %s" % (path, error.line, error.why)) from error
    value: Any = document.value
    if not isinstance(value, dict):
        raise VerifyError("%s: must hold lines such as `verdicts:`" % path)
    more = value.get("netem") or {}
    if not isinstance(more, dict):
        raise VerifyError("%s: `netem` must be a table" % path)
    wanted = [
        _wanted(lab, path, document, part, place)
        for part, place in ((value, ()), (more, ("netem",)))
    ]
    (verdicts, insights), (netem_verdicts, netem_insights) = wanted
    return Example(
        name, folder, verdicts, insights, netem_verdicts, netem_insights
    )


def _wanted(
    lab: Lab,
    path: Path,
    document: yaml_lines.Document,
    part: Dict[str, Any],
    place: yaml_lines.Place,
) -> Tuple[Dict[str, str], Tuple[str, ...]]:
    """The verdicts and insights in one part of the file, checked."""
    verdicts = part.get("verdicts") or {}
    if not isinstance(verdicts, dict):
        raise VerifyError("%s: `verdicts` must be a table" % path)
    insights = part.get("insights") or []
    if not isinstance(insights, list):
        raise VerifyError("%s: `insights` must be a list" % path)
    keys = NETEM_KEYS if place else KEYS
    _check(lab, path, document, (part, place, keys), verdicts, insights)
    return verdicts, tuple(insights)


def _check(
    lab: Lab,
    path: Path,
    document: yaml_lines.Document,
    part: Tuple[Dict[str, Any], yaml_lines.Place, Sequence[str]],
    verdicts: Dict[str, Any],
    insights: List[Any],
) -> None:
    """Every word must be one that the grader or the lab knows."""

    def known(word: Any, place: yaml_lines.Place, what: str,
              right: Sequence[str]) -> None:  # fmt: skip
        if word in right:
            return
        meant = words.nearest(str(word), right)
        advice = "did you mean '%s'?" % meant if meant else (
            "there are: %s" % (", ".join(right) or "none")
        )  # fmt: skip
        raise VerifyError(
            "%s:%d: no %s '%s'; %s"
            % (path, document.line(place), what, word, advice)
        )

    inside, top, keys = part
    for key in inside:
        known(key, top + (key,), "key", keys)
    for id, verdict in verdicts.items():
        place = top + ("verdicts", id)
        known(id, place, "criterion", lab.rubric.ids)
        known(verdict, place, "verdict", [v.value for v in Verdict])
    ids = lab_explain.insight_ids(lab.folder) if insights else None
    for at, id in enumerate(insights):
        if ids is not None:  # else some are made while the lab runs
            known(id, top + ("insights", at), "insight", ids)


def _differences(example: Example, report: Report) -> List[str]:
    manual = {row.criterion.id for row in report.rows if row.criterion.manual}
    got = {
        row.criterion.id: (row.finding.verdict.value, row.finding.reason)
        for row in report.rows
    }
    slow = all(run.outcome is not Outcome.LEFT_OUT for run in report.traces)
    told = {i.id for i in report.insights}
    return differences(example.where_links_are(slow), manual, got, told)


def differences(
    example: Example,
    manual: AbstractSet[str],
    got: Mapping[str, Tuple[str, str]],
    told: AbstractSet[str],
) -> List[str]:
    """What differs from what the example must get, a line each.

    `manual`: ids of the criteria that a person judges; `got`: verdict and
    reason by a criterion's id; `told`: ids of the insights.
    """
    found = []
    for id, (verdict, reason) in got.items():
        usual = "manual" if id in manual else "pass"
        wanted = example.verdicts.get(id, usual)
        if verdict != wanted:
            found.append("%s: %s, must be %s (%s)" % (id, verdict, wanted, reason))
    for id in example.insights:
        if id not in told:
            found.append("insight %s is missing" % id)
    return found
