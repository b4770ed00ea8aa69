"""What happens to one submission of a class?

A worker is a process of its own for one hand-in, so that whatever a program
does to its grader is that hand-in's affair alone. It leaves a folder behind,
which is complete or is not there:

    grading.json and traces   what was observed (grader/kept.py)
    report.json, report.html  the verdicts, for programs and for people
    basis.json                what they rest on

What is there and still rests on the same is left as it is; where only the
rubric's verdicts could differ, what was observed is judged again.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Dict, Optional

from grader import (
    archive,
    gradebook_basis,
    grade,
    intake,
    kept,
    model,
    report_html,
    report_json,
)
from grader.gradebook_model import Basis
from grader.kept import Observed
from grader.lab import Lab
from grader.model import Finding, Report, Row, Verdict
from grader.workspace import Workspace, remove

BASIS = "basis.json"
REPORT = "report.json"
PAGE = "report.html"

RAN, JUDGED_AGAIN, UNCHANGED = "graded", "judged again", "unchanged"


@dataclass(frozen=True)
class Plan:
    """What all the hand-ins of a batch have in common."""

    lab: Lab
    seed: int
    jobs: int  # runs at once, of one submission
    again: bool  # run also what is unchanged
    judge_again: bool  # judge all that was kept, whatever has changed
    lab_sha256: str
    runs_sha256: str  # of that part of the lab that a run depends on
    version: str
    machine: str


@dataclass(frozen=True)
class Known:
    """What a folder of results rests on."""

    basis: Basis
    runs_sha256: str
    seed: int
    how: str = RAN


def work(plan: Plan, hand_in: intake.HandIn, folder: Path) -> None:
    """Grade one hand-in into `folder`, as far as that is needed."""
    with Workspace() as place:
        paths = intake.collect(hand_in, place / "received")
        known = Known(
            Basis(_sha256(paths), plan.lab_sha256, plan.version, plan.machine),
            plan.runs_sha256,
            plan.seed,
        )
        before = None if plan.again else read_known(folder)
        if not plan.judge_again and before is not None:
            if replace(before, how=RAN) == known:
                return
        aside = folder.with_name(folder.name + ".new")
        remove(aside)
        aside.mkdir(parents=True)
        observed = None
        if before is not None and _can_be_judged_again(plan, before, known):
            observed = _observed_before(folder, aside)
        known = replace(known, how=JUDGED_AGAIN if observed else RAN)
        if observed is None:
            observed = _observe(plan, hand_in, paths, aside)
        _write(plan, observed, hand_in, known, aside)
    remove(folder)
    aside.rename(folder)


def _sha256(paths: Any) -> str:
    """Of what was handed in; of the bytes where it cannot be unpacked."""
    try:
        return gradebook_basis.submission_sha256(paths)
    except archive.SubmissionError:
        return "unreadable"


def read_known(folder: Path) -> Optional[Known]:
    """What the results in a folder rest on; None where there are none."""
    try:
        about = json.loads((folder / BASIS).read_text("ascii"))
        about["basis"] = Basis(**about["basis"])
        return Known(**about)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _can_be_judged_again(plan: Plan, before: Known, now: Known) -> bool:
    """Whether a run would show just what it showed before; the user may say
    so of a lab and a grader that have changed, but not of another hand-in."""
    same = (
        before.seed == now.seed
        and before.basis.submission_sha256 == now.basis.submission_sha256
    )
    return same and (
        plan.judge_again
        or before.runs_sha256 == now.runs_sha256
        and before.basis.version == now.basis.version
    )


def _observed_before(folder: Path, aside: Path) -> Optional[Observed]:
    try:
        kept.read(folder)
        shutil.copytree(str(folder), str(aside), dirs_exist_ok=True)
        return kept.read(aside)
    except kept.KeptError:
        return None


def _observe(
    plan: Plan, hand_in: intake.HandIn, paths: Any, aside: Path
) -> Observed:
    order = grade.Order(
        plan.lab, tuple(paths), plan.seed, plan.jobs, keep=aside
    )
    try:
        observed = grade.observe(order)
    except archive.SubmissionError as error:
        observed = Observed(
            grade.known_as(plan.lab), hand_in.name, plan.seed, problem=str(error)
        )
    return replace(observed, submission=hand_in.name, told=(hand_in.received,))


def _write(
    plan: Plan,
    observed: Observed,
    hand_in: intake.HandIn,
    known: Known,
    aside: Path,
) -> None:
    kept.write(aside, observed)
    report = grade.judge(plan.lab, observed)
    report = replace(report, notes=report.notes + hand_in.notes)
    write_report(plan.lab, report, aside)
    _write_text(aside / BASIS, json.dumps(asdict(known), indent=1) + "\n")


def write_report(lab: Lab, report: Report, folder: Path) -> None:
    """The report as JSON, and the page for the student."""
    document = report_json.to_dict(report)
    for scenario in document["scenarios"]:
        for key in ("trace", "pcap"):  # the folder may be moved
            if scenario[key]:
                scenario[key] = os.path.relpath(scenario[key], str(folder))
    _write_text(folder / REPORT, report_json.as_text(document) + "\n")
    page = report_html.render(report, lab.rubric, view="student")
    _write_text(folder / PAGE, page)


def _write_text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", errors="backslashreplace")


def not_done(lab: Lab, name: str, seed: int, why: str) -> Dict[str, Any]:
    """The report of a hand-in whose worker came to no end: nobody's loss."""
    finding = Finding(Verdict.NOT_JUDGED, why)
    rows = tuple(Row(criterion, finding, 0) for criterion in lab.rubric.criteria)
    report = model.Report(
        lab.name, name, seed, "mininet", "incomplete", rows, problem=why
    )
    return report_json.to_dict(report)
