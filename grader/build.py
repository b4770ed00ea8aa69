"""What has to be built before a submission can run, and what came of it?

Programs that were found become programs that are ready, in the same private
folder. Whatever is compiled is compiled side by side in the sandbox. A
program that cannot run here is left out, with the reason.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from grader import build_c, build_java, languages, layout, mend, pythons, sandbox, sources
from grader.archive import shown
from grader.discover import Discovery
from grader.guard import Guard
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult
from grader.slowness import slowness
from grader.workbench import (
    Task,
    Workbench,
    first_error,
    for_this_machine,
    is_executable,
)

#: A build of a few small files takes a second; one that waits, for ever.
DEADLINE_S = 60.0
_NEWER_PYTHONS = ("3.12", "3.13", "3.14")
_PYTHON_NAME = re.compile(r"(?:.*/)?python(?:3(?:\.\d+)?)?$")
_PACKAGES = {"node": "nodejs", "java": "default-jre", "python2": "python2"}


@dataclass(frozen=True)
class BuiltSubmission:
    """Programs ready to run in `folder`.

    `failures` says for each role why its program is not among them, and
    `unavailable` the same where this machine is to blame: it lacks the
    language that the program is written in.
    """

    folder: Path
    programs: Tuple[Program, ...]
    notes: Tuple[str, ...] = ()
    failures: Dict[str, str] = field(default_factory=dict)
    unavailable: Dict[str, str] = field(default_factory=dict)
    warnings: Tuple[str, ...] = ()  # of the compiler, as it words them


def build(
    folder: Path,
    discovery: Discovery,
    deadline_s: Optional[float] = None,
    clock: Callable[[], float] = time.monotonic,
    guard: Guard = Guard(),
) -> BuiltSubmission:
    """Build what was found. Raises SandboxError where we are at fault."""
    if deadline_s is None:
        deadline_s = DEADLINE_S * max(1.0, slowness())
    ends = clock() + deadline_s
    beside = str(folder.resolve().parent)
    with tempfile.TemporaryDirectory(prefix="aside-", dir=beside) as aside:
        bench = Workbench(folder, Path(aside))
        bench.guard = guard
        bench.notes += mend.mend(folder)
        todo = list(discovery.programs)
        bench.expected = len(todo)
        if discovery.build or any(_is_compiled(one) for one in todo):
            bench.put_aside({_path_of(one) for one in todo if not one.source})
            todo = _own_command(bench, discovery, todo, ends - clock())
        tasks = _first_tasks(bench, todo)
        warned: List[str] = []
        while tasks:
            results = _run(tasks, ends - clock(), guard)
            for result in results:
                warned += layout.compiler_warnings(result.output)
            bench.sweep()
            tasks = [
                after
                for task, result in zip(tasks, results)
                for after in task.done(result)
            ]
        bench.put_back()
    ready = [
        bench.ready[one.role]
        for one in discovery.programs
        if one.role in bench.ready
    ]
    return BuiltSubmission(
        folder,
        tuple(ready),
        tuple(bench.notes),
        dict(bench.failures),
        dict(bench.unavailable),
        tuple(dict.fromkeys(warned)),
    )


def _is_compiled(program: Program) -> bool:
    return program.language in (*build_c.NAMES, "java")


def _path_of(program: Program) -> str:
    return build_c.output_of(program)


def _run(
    tasks: Sequence[Task], left: float, guard: Guard
) -> Tuple[BuildResult, ...]:
    jobs = [task.job() for task in tasks]
    limits = sandbox.build_limits(guard.bounds)
    return sandbox.run_builds(jobs, limits, max(1.0, left), guard)


def _own_command(
    bench: Workbench,
    discovery: Discovery,
    programs: List[Program],
    left: float,
) -> List[Program]:
    """Run the submission's own build command; what it did not build is
    left to the usual way."""
    if not discovery.build:
        return programs
    job = BuildJob(discovery.build, bench.folder, discovery.build_folder)
    result = sandbox.run_builds(
        [job], sandbox.build_limits(bench.guard.bounds), max(1.0, left), bench.guard
    )[0]
    bench.sweep()
    command = " ".join(discovery.build)
    if result.code != 0:
        bench.note(f"`{shown(command)}` failed: {first_error(result)}")
    compiled = [one for one in programs if one.language in build_c.NAMES]
    missing = build_c.take_built(bench, compiled)
    return [one for one in programs if one not in compiled or one in missing]


def _first_tasks(bench: Workbench, programs: Sequence[Program]) -> List[Task]:
    in_c = [one for one in programs if one.language in build_c.NAMES]
    in_java = [one for one in programs if one.language == "java"]
    tasks = build_c.tasks(bench, in_c)
    if in_java and not languages.installed("java"):
        for program in in_java:
            bench.unavailable[program.role] = _not_installed(program, "java")
    elif in_java:
        tasks += build_java.tasks(bench, in_java)
    for program in programs:
        if program.language == "python" and _runs_python(program):
            _check_python(bench, program)
        elif not _is_compiled(program):
            _check_command(bench, program)
    return tasks


def _not_installed(program: Program, interpreter: str) -> str:
    package = _PACKAGES.get(interpreter, interpreter)
    what = shown(program.source or program.argv[0])
    return (
        f"{what} needs {interpreter}, which is not installed here"
        f" (apt-get install {package})"
    )


# ---- what needs no compiler --------------------------------------------------


def _runs_python(program: Program) -> bool:
    return bool(_PYTHON_NAME.match(program.argv[0]))


def _check_python(bench: Workbench, program: Program) -> None:
    """Find the Python that a source, and its parts, were written for."""
    needs = sources.needed(bench.folder, program.source)
    for path in (program.source, *needs):
        text = languages.read_source(bench.folder / path)
        problem = pythons.problem(text)
        if problem is not None:
            _python_problem(bench, program, path, problem)
            return
        lacking = _lacking(text)
        if lacking:
            bench.unavailable[program.role] = f"{shown(path)} needs {lacking}"
            return
    bench.accept(program)


def _lacking(text: str) -> str:
    """A part of Python that this machine does not have, as words."""
    late, library = pythons.late_module(text), pythons.missing_library(text)
    windows = pythons.needs_display(text)
    if windows:
        return f"a display (for {windows}), which the hosts here do not have"
    if late:
        return (f"the module {late[0]} of Python {late[1]}; the Python that is"
                " installed here is older")
    if library:
        return (f"the library {library[0]}, which is not installed here"
                f" (apt-get install {library[1]})")
    return ""


def _python_problem(
    bench: Workbench,
    program: Program,
    path: str,
    problem: pythons.PythonProblem,
) -> None:
    source = shown(path)
    where = f"{source}:{problem.line}: {problem.message}"
    if problem.python2:
        if languages.installed("python2"):
            bench.note(f"{source}: run by Python 2 ({where})")
            bench.accept(_with(program, "python2"))
        else:
            bench.unavailable[program.role] = (
                f"{source} is written in Python 2, which is not installed here"
                f" ({where}); Python 3 is"
            )
    elif problem.needs:
        _newer_python(bench, program, problem.needs, where)
    else:
        bench.note(f"{where} (a syntax error; the program is run all the same)")
        bench.accept(program)


def _newer_python(
    bench: Workbench, program: Program, needs: str, where: str
) -> None:
    for version in _NEWER_PYTHONS:
        enough = int(version.split(".")[1]) >= int(needs.split(".")[1])
        if enough and languages.installed("python" + version):
            bench.note(f"{shown(program.source)}: run by Python {version}")
            bench.accept(_with(program, "python" + version))
            return
    bench.unavailable[program.role] = (
        f"{shown(program.source)} seems to need Python {needs}, and Python"
        f" {'.'.join(str(n) for n in sys.version_info[:2])} is installed here"
        f" ({where})"
    )


def _with(program: Program, interpreter: str) -> Program:
    return replace(program, argv=(interpreter, *program.argv[1:]))


def _check_command(bench: Workbench, program: Program) -> None:
    """Is there what a command names: an interpreter, or an executable?"""
    name = program.argv[0]
    if "/" not in name or name.startswith("/"):
        if languages.installed(name):
            bench.accept(program)
        else:
            bench.unavailable[program.role] = _not_installed(program, name)
        return
    path = bench.folder / _path_of(program)
    inside = os.path.realpath(path).startswith(
        os.path.realpath(bench.folder) + "/"
    )
    if not inside or not path.is_file():
        bench.failures[program.role] = (
            f"{shown(name)} is not in the submission after the build"
        )
    elif is_executable(path) and not for_this_machine(path):
        bench.failures[program.role] = (
            f"{shown(name)} was built for another kind of machine;"
            " hand in the sources"
        )
    else:
        path.chmod(path.stat().st_mode | 0o111)
        bench.accept(program)
