"""What else may build a program that the compiler alone cannot?

CMake, where the hand-in has a CMakeLists.txt, or a script of its own such as
build.sh. They are tried after the plain compiler, since they take longer and
a script may do anything.
"""

from __future__ import annotations

import os
from typing import Callable, List, Optional, Sequence, Tuple

from grader import languages
from grader.archive import shown
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult
from grader.workbench import Task, Workbench, first_error

_SCRIPTS = ("build.sh", "compile.sh", "make.sh", "build", "compile")
_CMAKE = (
    "sh", "-c", 'cmake -S . -B "$0" && cmake --build "$0"', "build-by-mngrade",
)  # fmt: skip

#: Takes what was built for a program; False where there is nothing.
Take = Callable[[Program], bool]
#: What becomes of a program that nothing builds.
GiveUp = Callable[[Program, str], None]


def tasks(
    bench: Workbench,
    program: Program,
    error: str,
    take: Take,
    give_up: GiveUp,
    with_cmake: bool = True,
) -> List[Task]:
    """What to try next for a program; where there is nothing, it is given
    up with `error`."""
    ways: List[Tuple[str, Tuple[str, ...]]] = []
    if with_cmake and languages.installed("cmake"):
        place = _above(bench, program.source, ("CMakeLists.txt",))
        if place is not None:
            ways.append((os.path.dirname(place), _CMAKE))
    script = _above(bench, program.source, _SCRIPTS)
    if script is not None:
        folder, name = os.path.split(script)
        ways.append((folder, (_shell(bench, script), "./" + name)))
    if not ways:
        give_up(program, error)
        return []
    return [_Way(bench, program, error, take, give_up, ways)]


def _above(
    bench: Workbench, source: str, names: Sequence[str]
) -> Optional[str]:
    """The nearest file with one of these names, at or above a source. A
    CMakeLists.txt of the top knows those below it, so that wins."""
    place = os.path.dirname(source)
    found: List[str] = []
    while True:
        for name in names:
            path = os.path.join(place, name)
            if (bench.folder / path).is_file():
                found.append(path)
        if not place:
            break
        place = os.path.dirname(place)
    if not found:
        return None
    return found[-1] if names == ("CMakeLists.txt",) else found[0]


def _shell(bench: Workbench, script: str) -> str:
    first = (bench.folder / script).read_bytes()[:100].split(b"\n")[0]
    return "bash" if b"bash" in first and languages.installed("bash") else "sh"


class _Way(Task):
    """One way to build, and those that are left after it.

    Programs that need the same way share one run of it.
    """

    def __init__(
        self,
        bench: Workbench,
        program: Program,
        error: str,
        take: Take,
        give_up: GiveUp,
        ways: Sequence[Tuple[str, Tuple[str, ...]]],
    ) -> None:
        super().__init__(bench)
        self._program = program
        self._error = error
        self._take = take
        self._give_up = give_up
        (self._folder, self._argv), *self._rest = ways
        self._first = bench.claim(f"{self._folder}: {' '.join(self._argv)}")

    def job(self) -> BuildJob:
        argv = self._argv if self._first else ("true",)
        return BuildJob(argv, self.bench.folder, self._folder or ".")

    def done(self, result: BuildResult) -> Sequence[Task]:
        name = "cmake" if self._argv is _CMAKE else self._argv[-1][2:]
        where = f"{name} in {shown(self._folder or '.')}"
        if result.code != 0:
            self.bench.note(f"{where} failed: {first_error(result)}")
        if self._take(self._program):
            self.bench.note(f"{where} was run, since the compiler alone failed")
            return []
        if self._rest:
            left = (self._take, self._give_up, self._rest)
            return [_Way(self.bench, self._program, self._error, *left)]
        self._give_up(self._program, self._error)
        return []
