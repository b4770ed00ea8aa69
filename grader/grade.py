"""How is one submission graded, from a path to a report?

Stages the submission in a workspace, finds and builds its programs while
the first networks are being made, runs the lab's scenarios, and judges the
traces. Nothing is printed here.
"""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from grader import archive, discover, layout, sandbox, score
from grader.api import Case, Traces
from grader.build import BuiltSubmission, build
from grader.lab import Lab
from grader.model import Outcome, Program, Report, ScenarioRecord
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


def tools(build_folder: Path = ROOT / "build") -> Tools:
    """The executables, where `make` puts them."""
    programs = Path(os.environ.get("MNGRADE_BIN", str(build_folder / "bin")))
    return Tools(programs / "labrun", programs / "labexec", programs)


def grade(order: Order) -> Report:
    """Grade one submission.

    Raises archive.SubmissionError when it cannot even be read.
    """
    began = time.monotonic()
    lab = order.lab
    jobs = order.jobs or len(os.sched_getaffinity(0))
    with Workspace(_temporary_folder()) as work:
        scratch = work / "arena"
        scratch.mkdir()
        with Schedule(
            lab.rubric, lab.cases, tools(), scratch, jobs, order.switch, order.keep
        ) as schedule:
            staged = archive.stage(list(order.paths), work / "submission")
            schedule.prepare(jobs)
            found = discover.find_programs(
                staged.folder, _hints(lab), order.server, order.client
            )
            built = build(staged.folder, found)
            _check_room(work, built)
            report = Report(
                lab=lab.name,
                submission=staged.name,
                seed=order.seed,
                backend="mininet",
                status="ungradable",
                rows=(),
                programs=built.programs,
                notes=tuple(staged.notes)
                + tuple(_other_notes(found, built.programs))
                + tuple(built.notes),
            )
            if not built.programs:
                report = replace(report, problem=_problem(built, found))
                records: List[ScenarioRecord] = []
            else:
                task = Task(built.programs, built.folder, order.seed)
                records = _run_all(lab, schedule, task, built)
        traces = _traces(lab, built, records)
    rows = score.judge(lab, traces, order.only)
    if not built.programs:
        rows = score.without_runs(rows)
    status = score.status(rows) if built.programs else "ungradable"
    return replace(
        report,
        status=status,
        rows=rows,
        insights=score.insights(lab, traces) if records else (),
        traces=tuple(records),
        notes=report.notes
        + tuple(_run_notes(records))
        + tuple(score.rescued_notes(rows)),
        elapsed_s=time.monotonic() - began,
    )


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
    lab: Lab, schedule: Schedule, task: Task, built: BuiltSubmission
) -> List[ScenarioRecord]:
    """First the runs without a condition, then those that they call for."""
    roles = {program.role.partition("-")[0] for program in built.programs}
    possible = [c for c in lab.cases if set(c.needs) <= roles]
    first = [case for case in possible if case.when is None]
    records = schedule.run(task, first)
    if any(record.outcome is Outcome.HARNESS for record in records):
        return records  # nothing will be judged, so nothing is to be asked
    traces = _traces(lab, built, records)
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


def _traces(
    lab: Lab, built: BuiltSubmission, records: Sequence[ScenarioRecord]
) -> Traces:
    sources = layout.sources(built.folder)
    return Traces(
        [Trace(record) for record in records],
        lab.rubric,
        built.programs,
        built.failures,
        sources,
        built.warnings + tuple(layout.python_warnings(sources)),
        built.unavailable,
    )


def _hints(lab: Lab) -> discover.RoleHints:
    server = lab.rubric.program("server")
    return discover.RoleHints(
        server_names=server.names,
        client_names=lab.rubric.program("client").names,
        port=server.port,
    )


def _other_notes(
    found: discover.Discovery, programs: Sequence[Program]
) -> List[str]:
    """Without those that only repeat why a program was chosen."""
    known = {"%s: %s (%s)" % (p.role, p.source, p.why) for p in programs}
    return [note for note in found.notes if note not in known]


def _problem(built: BuiltSubmission, found: discover.Discovery) -> str:
    lacking = {**built.failures, **built.unavailable}
    if lacking:
        return "; ".join(
            "the %s cannot be run: %s" % item
            for item in sorted(lacking.items())
        )
    return "looked for " + found.looked_for


def _run_notes(records: Sequence[ScenarioRecord]) -> List[str]:
    """What the runs had to be helped with, each once."""
    notes: List[str] = []
    for record in records:
        for note in record.facts.get("notes", []):
            if note["text"] not in notes:
                notes.append(note["text"])
    return notes
