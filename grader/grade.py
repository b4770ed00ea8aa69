"""How is one submission graded, from a path to a report?

Stages the submission in a workspace, finds and builds its programs while
the first networks are being made, runs the lab's scenarios, and judges the
traces. Nothing is printed here.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from grader import (
    archive, brief, cgroups, discover, kept, layout, reached, sandbox, score,
    tree,
)  # fmt: skip
from grader.api import Case, Traces
from grader.build import BuiltSubmission, build
from grader.guard import Guard
from grader.kept import Observed
from grader.lab import LABS, Lab
from grader.model import Outcome, Program, Report, ScenarioRecord, Verdict
from grader.rubric import Rubric
from grader.run import Tools
from grader.schedule import Schedule, Task
from grader.trace import Trace
from grader.workspace import Workspace

#: Bytes without which a build may fail for want of room.
BUILD_ROOM = 16 << 20
ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Order:
    """What is to be graded, and how."""

    lab: Lab
    paths: Tuple[Path, ...]
    seed: int
    jobs: int = 0  # 0: as many as there are processors
    only: Tuple[str, ...] = ()
    keep: Optional[Path] = None
    server: Optional[str] = None  # commands instead of what is found
    client: Optional[str] = None
    switch: str = "bridge"
    links: bool = False  # also the runs that are made on request
    topology: str = ""  # instead of the rubric's


def tools(build_folder: Path = ROOT / "build") -> Tools:
    """The executables, where `make` puts them."""
    programs = Path(os.environ.get("MNGRADE_BIN", str(build_folder / "bin")))
    return Tools(programs / "labrun", programs / "labexec", programs)


def grade(order: Order) -> Report:
    """Grade one submission.

    Raises archive.SubmissionError when it cannot even be read.
    """
    return judge(order.lab, observe(order), order.only)


def observe(order: Order) -> Observed:
    """Run one submission, and judge nothing.

    Where it holds other programs that would do as well, and those that were
    chosen lose points, the others are run too, and the better ones count.
    """
    began = time.monotonic()
    lab = order.lab
    jobs = order.jobs or len(os.sched_getaffinity(0))
    with contextlib.ExitStack() as stack:
        work = stack.enter_context(Workspace(_temporary_folder()))
        groups = stack.enter_context(cgroups.Groups(cgroups.find(), work))
        scratch = work / "arena"
        scratch.mkdir()
        with Schedule(
            _rubric(order), lab.cases, tools(), scratch, jobs, order.switch,
            order.keep, groups,
        ) as schedule:  # fmt: skip
            staged = archive.stage(list(order.paths), work / "submission")
            schedule.prepare(jobs)
            found = discover.find_programs(
                staged.folder, discover.hints_of(lab.rubric), order.server, order.client
            )
            # Before anything is built: what a build leaves may differ.
            guard = Guard(lab.rubric.limits.build, groups)
            on = _Work(order, schedule, work, tree.digest(staged.folder), guard)
            observed = _watch(on, found)
            observed = _better(on, found, observed)
    observed = replace(
        observed,
        limits=_limits_had(lab, groups),
        submission=staged.name,
        notes=tuple(staged.notes) + observed.notes,
        elapsed_s=time.monotonic() - began,
    )
    return _kept(order.keep, observed) if order.keep else observed


def _limits_had(lab: Lab, groups: cgroups.Groups) -> Dict[str, Any]:
    """For whoever wants to know what a grading was bound by."""
    bounds, build_ = lab.rubric.limits.bounds, lab.rubric.limits.build
    return {
        "by": groups.place.words,
        "program": asdict(bounds),
        "build": asdict(build_),
    }


def _rubric(order: Order) -> Rubric:
    """The lab's, with the topology that was asked for."""
    rubric = order.lab.rubric
    if not order.topology:
        return rubric
    shape = replace(rubric.topology, shape=order.topology)
    return replace(rubric, topology=shape)


def _kept(folder: Path, observed: Observed) -> Observed:
    """A full disk there is the user's to know of, not the student's loss."""
    try:
        kept.write(folder, observed)
    except OSError as error:
        note = "not kept: %s: %s" % (folder / kept.FILE, error.strerror)
        return replace(observed, notes=observed.notes + (note,))
    return observed


def judge(lab: Lab, observed: Observed, only: Sequence[str] = ()) -> Report:
    """Judge what was observed; nothing is run."""
    traces = _traces(lab, observed)
    rows = reached.explained(score.judge(lab, traces, only), traces)
    if not observed.programs:
        rows = score.without_runs(rows)
    records = observed.records
    return brief.report(Report(
        lab=lab.name,
        submission=observed.submission,
        seed=observed.seed,
        backend="mininet",
        topology=observed.topology or lab.rubric.topology.shape,
        status=score.status(rows) if observed.programs else "ungradable",
        rows=rows,
        insights=score.insights(lab, traces) + reached.insights(traces)
        if records
        else (),
        traces=records,
        programs=observed.programs,
        notes=observed.notes
        + tuple(_network_notes(lab, observed))
        + tuple(_run_notes(records))
        + tuple(score.rescued_notes(rows)),
        elapsed_s=observed.elapsed_s,
        problem=observed.problem,
        limits=dict(observed.limits),
    ))  # fmt: skip


@dataclass(frozen=True)
class _Work:
    """A grading under way."""

    order: Order
    schedule: Schedule
    folder: Path
    handed_in: str  # tells the submission from any other
    guard: Guard  # of what it builds


def _watch(
    on: _Work, found: discover.Discovery, part: str = ""
) -> Observed:
    """Build what was found and run it; `part` names a folder of --keep."""
    order, work = on.order, on.folder
    built = build(work / "submission", found, guard=on.guard)
    _check_room(work, built)
    sources = layout.sources(built.folder)
    observed = Observed(
        lab=known_as(order.lab),
        submission="",
        seed=order.seed,
        told=told(order),
        switch=order.switch,
        topology=order.topology,
        programs=built.programs,
        failures=built.failures,
        unavailable={**found.unavailable, **built.unavailable},
        warnings=built.warnings + tuple(layout.python_warnings(sources)),
        sources=sources,
        notes=tuple(_other_notes(found, built.programs)) + tuple(built.notes),
    )
    if not built.programs:
        return replace(observed, problem=_problem(built, found))
    task = Task(built.programs, built.folder, order.seed, {}, part, on.handed_in)
    records = _run_all(order.lab, on.schedule, task, observed, order.links)
    return replace(observed, records=tuple(records))


def _better(
    on: _Work, found: discover.Discovery, observed: Observed
) -> Observed:
    """The observation that earns most, where there were others to choose."""
    lab = on.order.lab
    best = judge(lab, observed)
    for at, programs in enumerate(found.alternatives, 1):
        if not _loses(best):
            break
        other = replace(found, programs=programs, notes=())
        tried = _watch(on, other, "other-%d" % at)
        report = judge(lab, tried)
        note = "%s: tried as well, and worth %g points instead of %g" % (
            discover.described(programs), report.points, best.points,
        )  # fmt: skip
        if report.points > best.points:
            # What was "not chosen" at first may be what is taken now.
            kept = [n for n in observed.notes if not n.startswith("not chosen: ")]
            best, observed = report, replace(
                tried, notes=(*kept, *tried.notes, note + ": taken")
            )
        else:
            observed = replace(observed, notes=observed.notes + (note,))
    return observed


def _loses(report: Report) -> bool:
    """Points were lost that other programs of the submission might earn."""
    return any(
        row.finding.verdict in (Verdict.FAIL, Verdict.PARTIAL, Verdict.NOT_JUDGED)
        for row in report.rows
    )


def known_as(lab: Lab) -> str:
    """By what `lab.load` finds it again."""
    return lab.name if lab.folder.parent == LABS else str(lab.folder)


def told(order: Order) -> Tuple[str, ...]:
    """The arguments that repeat this grading."""
    words = [str(path) for path in order.paths]
    for option, value in (("--server", order.server), ("--client", order.client)):
        words += [option, value] if value else []
    if order.switch != "bridge":
        words += ["--switch", order.switch]
    if order.links:
        words.append("--links")
    if order.topology:
        words += ["--topology", order.topology]
    return tuple(words)


def _temporary_folder() -> Path:
    """The system's, or where root's programs, which run as nobody, can pass:
    root's own TMPDIR may be a folder that is closed to others."""
    usual = Path(tempfile.gettempdir())
    if not sandbox.can_drop():
        return usual
    for folder in (usual, Path("/tmp"), Path("/var/tmp")):
        way = (folder.resolve(), *folder.resolve().parents)
        if all(part.stat().st_mode & stat.S_IXOTH for part in way):
            return folder
    return usual


def _check_room(work: Path, built: BuiltSubmission) -> None:
    """A build that failed on a full disk says nothing of a submission."""
    if built.failures and shutil.disk_usage(str(work)).free < BUILD_ROOM:
        raise OSError(errno.ENOSPC, "no space left for building", str(work))


def _run_all(
    lab: Lab,
    schedule: Schedule,
    task: Task,
    observed: Observed,
    links: bool,
) -> List[ScenarioRecord]:
    """First the runs without a condition, then those that they call for."""
    roles = {program.role.partition("-")[0] for program in task.programs}
    possible = [
        c
        for c in lab.cases
        if set(c.needs) <= roles and (links or not c.on_request)
    ]
    first = [case for case in possible if case.when is None]
    records = schedule.run(task, first)
    if any(record.outcome is Outcome.HARNESS for record in records):
        return records  # nothing will be judged, so nothing is to be asked
    traces = _traces(lab, replace(observed, records=tuple(records)))
    asked = _asked_for(possible, traces)
    if not asked:
        return records
    known: Dict[str, Any] = {}
    for learner in lab.learners:
        try:
            known.update(learner(traces))
        except Exception as error:  # pylint: disable=broad-except
            score.log_failure("learning from the runs", error)
    return records + schedule.run(replace(task, known=known), asked)


def _asked_for(cases: Sequence[Case], traces: Traces) -> List[Case]:
    """The cases whose condition holds. Cases may share one, and it may have
    to judge everything that was seen: each is asked once."""
    holds: Dict[Any, bool] = {None: False}
    for case in cases:
        if case.when not in holds:
            holds[case.when] = _holds(case, traces)
    return [case for case in cases if holds[case.when]]


def _holds(case: Case, traces: Traces) -> bool:
    """A condition that fails itself leaves nothing out."""
    try:
        return case.when is not None and bool(case.when(traces))
    except Exception as error:  # pylint: disable=broad-except
        score.log_failure("the condition of " + case.name, error)
        return True


def _traces(lab: Lab, observed: Observed) -> Traces:
    return Traces(
        [
            Trace(record)
            for record in observed.records
            if record.outcome is not Outcome.LEFT_OUT
        ],
        lab.rubric,
        observed.programs,
        observed.failures,
        observed.sources,
        observed.warnings,
        observed.unavailable,
    )


def _other_notes(
    found: discover.Discovery, programs: Sequence[Program]
) -> List[str]:
    """Without those that only repeat why a program was chosen."""
    known = {"%s: %s (%s)" % (p.role, p.source, p.why) for p in programs}
    return [note for note in found.notes if note not in known]


def _problem(built: BuiltSubmission, found: discover.Discovery) -> str:
    lacking = {**found.unavailable, **built.failures, **built.unavailable}
    if lacking:
        by_reason: Dict[str, List[str]] = {}
        for role, why in sorted(lacking.items()):
            by_reason.setdefault(why, []).append("the " + role)
        return "; ".join(
            "%s cannot be run: %s" % (" and ".join(roles), why)
            for why, roles in by_reason.items()
        )
    return "looked for " + found.looked_for


def _network_notes(lab: Lab, observed: Observed) -> List[str]:
    usual, taken = lab.rubric.topology.shape, observed.topology
    if taken in ("", usual):
        return []
    return ["the network was '%s', and not the rubric's '%s'" % (taken, usual)]


def _run_notes(records: Sequence[ScenarioRecord]) -> List[str]:
    """What the runs had to be helped with, each once."""
    notes: List[str] = []
    for record in records:
        for note in record.facts.get("notes", []):
            if note["text"] not in notes:
                notes.append(note["text"])
    return notes
