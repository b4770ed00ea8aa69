"""How do C and C++ sources become executables?

A Makefile is tried first, since the student meant it; then the compiler is
called as anybody would call it. Programs are compiled side by side.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Set, Tuple

from grader import build_other, languages, parts, tree
from grader.archive import shown
from grader.languages import BY_NAME
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult
from grader.naming import words_of
from grader.workbench import Task, Workbench, first_error

NAMES = ("c", "c++")
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_HEADERS = (".h", ".hpp", ".hh", ".hxx")
_MAX_PARTS = 64


def tasks(bench: Workbench, programs: Sequence[Program]) -> List[Task]:
    """What to run first for these programs."""
    by_folder: Dict[str, List[Program]] = {}
    plain: List[Task] = []
    for program in programs:
        makefile = _makefile(bench.folder, program.source)
        if makefile is not None and languages.installed("make"):
            by_folder.setdefault(makefile, []).append(program)
        else:
            plain.append(_Compile(bench, program))
    made: List[Task] = [
        _Make(bench, place, tuple(group)) for place, group in by_folder.items()
    ]
    return made + plain


def output_of(program: Program) -> str:
    """The path of the executable that a program is to become."""
    return os.path.normpath(os.path.join(program.cwd, program.argv[0]))


def compile_job(folder: Path, program: Program) -> Tuple[BuildJob, str]:
    """The compiler's call for a program that has been built already, and the
    executable that it writes beside the one that there is."""
    job = _Compile(Workbench(folder, folder), program).job()
    return job, os.path.normpath(job.argv[job.argv.index("-o") + 1])


def take_built(
    bench: Workbench, programs: Sequence[Program]
) -> List[Program]:
    """Match executables to programs; those without one come back."""
    built = bench.executables()
    missing = []
    used: Set[str] = {output_of(one) for one in bench.ready.values()}
    for program in programs:
        path = _executable_for(bench, program, built - used, bench.expected)
        if path is None:
            missing.append(program)
            continue
        used.add(path)
        if path == output_of(program):
            bench.accept(program)
        else:
            bench.run_executable(program, path)
    return missing


def _take(bench: Workbench, program: Program) -> bool:
    return not take_built(bench, [program])


def _executable_for(
    bench: Workbench, program: Program, built: Set[str], programs: int
) -> Optional[str]:
    """By its path, by its name, by the source named in it, by its role."""
    wanted = output_of(program)
    if wanted in built:
        return wanted
    stem = Path(program.source).stem.lower()
    name = os.path.basename(program.source).encode()
    role = program.role.split("-")[0]
    ordered = sorted(built)
    tests: Tuple[Callable[[str], bool], ...] = (
        lambda path: Path(path).stem.lower() == stem,
        lambda path: b"\0" + name + b"\0" in (bench.folder / path).read_bytes(),
        lambda path: role in words_of(os.path.basename(path)),
    )
    for test in tests:
        for path in ordered:
            if test(path):
                return path
    return ordered[0] if len(ordered) == 1 and programs == 1 else None


def _makefile(folder: Path, source: str) -> Optional[str]:
    """The folder of the nearest Makefile at or above a source."""
    place = os.path.dirname(source)
    while True:
        if any((folder / place / name).is_file() for name in _MAKEFILES):
            return place or "."
        if not place:
            return None
        place = os.path.dirname(place)


class _Make(Task):
    """`make` in one folder, for all programs whose sources are below it."""

    def __init__(
        self, bench: Workbench, place: str, programs: Tuple[Program, ...]
    ) -> None:
        super().__init__(bench)
        self._place = place
        self._programs = programs

    def job(self) -> BuildJob:
        # -B: what was handed in ready-made is not taken for up to date.
        return BuildJob(("make", "-B"), self.bench.folder, self._place)

    def done(self, result: BuildResult) -> Sequence[Task]:
        missing = take_built(self.bench, self._programs)
        if result.code != 0 or missing:
            what = f"make in {shown(self._place)}"
            said = "it built no executable for " + ", ".join(
                program.role for program in missing
            )
            said = first_error(result) if result.code else said
            then = "; trying without it" if missing else ""
            self.bench.note(f"{what} failed: {said}{then}")
        return [_Compile(self.bench, program) for program in missing]


class _Compile(Task):
    """The compiler itself, with the parts that a source needs.

    First with all that lies beside it and all whose headers it includes, then
    with the latter alone, then without any: a draft beside it, or a second
    program's parts, must not spoil it.
    """

    def __init__(
        self,
        bench: Workbench,
        program: Program,
        tries: Sequence[Tuple[str, ...]] = (),
        before: str = "",
    ) -> None:
        super().__init__(bench)
        self._program = program
        self._language = BY_NAME[program.language]
        self._before = before  # the error of the first try
        (self._parts, *self._rest) = tries or self._tries()
        self._out = output_of(program)
        if (bench.folder / self._out).exists():
            self._out += ".run"  # a folder or a file has the name

    def job(self) -> BuildJob:
        paths = tuple("./" + path for path in (self._program.source, *self._parts))
        argv = languages.c_argv(
            self._language, "./" + self._out, paths, self._includes()
        )
        return BuildJob(argv, self.bench.folder)

    def _tries(self) -> List[Tuple[str, ...]]:
        every = [path for path in tree.files(self.bench.folder) if self._is_part(path)]
        place = os.path.dirname(self._program.source)
        beside = [path for path in every if os.path.dirname(path) == place]
        included = self._included(every)
        everything = tuple(dict.fromkeys((*beside, *included)))[:_MAX_PARTS]
        return list(dict.fromkeys((everything, included[:_MAX_PARTS], ())))

    def _is_part(self, path: str) -> bool:
        """A source without a `main`. C++ takes what is written in C, too."""
        suffixes = self._language.suffixes
        if self._language is languages.CPP:
            suffixes += languages.C.suffixes
        if path == self._program.source or not path.endswith(suffixes):
            return False
        code = languages.strip_comments(
            self._text(path), self._language, strings=False
        )
        return not languages.has_main(code, self._language)

    def _included(self, every: Sequence[str]) -> Tuple[str, ...]:
        """The sources that go with the headers that are included, also by
        one another."""
        headers = {
            os.path.basename(path): path
            for path in tree.files(self.bench.folder)
            if path.endswith(_HEADERS)
        }
        found: List[str] = []
        todo, seen = [self._program.source], {self._program.source}
        while todo:
            path = todo.pop()
            for name in parts.includes(self._text(path)):
                header = headers.get(os.path.basename(name))
                if header is None:
                    continue
                source = parts.c_implementation(header, every)
                new = [one for one in (header, source) if one and one not in seen]
                seen.update(new)
                todo += new
                found += [one for one in new if one == source]
        return tuple(found)

    def _text(self, path: str) -> str:
        try:
            return languages.read_source(self.bench.folder / path)
        except OSError:
            return ""

    def _includes(self) -> Tuple[str, ...]:
        """Folders that hold headers."""
        every = tree.files(self.bench.folder)
        headers = [path for path in every if path.endswith(_HEADERS)]
        folders = {"./" + os.path.dirname(path) for path in headers}
        return tuple(sorted(folders)[:_MAX_PARTS])

    def done(self, result: BuildResult) -> Sequence[Task]:
        if result.code == 0 and (self.bench.folder / self._out).is_file():
            if self._out == output_of(self._program):
                self.bench.accept(self._program)
            else:
                self.bench.run_executable(self._program, self._out)
            return ()
        error = self._before or first_error(result)
        if self._rest:
            return [_Compile(self.bench, self._program, self._rest, error)]
        source = shown(self._program.source)
        bench = self.bench
        return build_other.tasks(
            bench,
            self._program,
            f"{source} does not compile: {error}",
            lambda program: _take(bench, program),
            bench.give_up,
        )
