"""How do Java sources become classes?

The compiler starts slowly, so that all programs of a folder are given to it
at once; only where that fails does each get a try of its own, so that one
program's mistake stays its own.
"""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Sequence, Tuple

from grader import languages
from grader.archive import shown
from grader.languages import JAVA
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult
from grader.workbench import Task, Workbench, first_error

_PACKAGE = re.compile(r"^\s*package\s+([\w.]+)\s*;", re.MULTILINE)
_PUBLIC = re.compile(r"\bpublic\s+(?:(?:final|abstract)\s+)*class\s+(\w+)")
_CLASS = re.compile(r"\bclass\s+(\w+)")


def tasks(bench: Workbench, programs: Sequence[Program]) -> List[Task]:
    """What to run first for these programs."""
    by_root: Dict[str, List[Program]] = {}
    for program in programs:
        root, placed = _place(bench, program)
        by_root.setdefault(root, []).append(placed)
    if languages.installed("javac"):
        return [_Javac(bench, root, tuple(ones)) for root, ones in by_root.items()]
    for root, ones in by_root.items():
        for program in ones:
            why = "javac is not installed here (apt-get install default-jdk)"
            _fall_back(bench, program, why)
    return []


def _place(bench: Workbench, program: Program) -> Tuple[str, Program]:
    """The folder of a source's packages, and the program as run from it."""
    path = bench.folder / program.source
    code = languages.strip_comments(
        languages.read_source(path), JAVA, strings=False
    )
    name = _main_class(code, path.stem)
    source = program.source
    if name != path.stem and not (path.parent / f"{name}.java").exists():
        renamed = path.with_name(f"{name}.java")
        renamed.write_bytes(path.read_bytes())
        source = str(renamed.relative_to(bench.folder))
        bench.note(f"{shown(program.source)}: compiled as {name}.java, since"
                   f" its public class is {name}")
    root, package = os.path.dirname(source), _PACKAGE.search(code)
    if package:
        folders = package.group(1).split(".")
        name = ".".join([*folders, name])
        if root.split("/")[-len(folders):] == folders:
            root = "/".join(root.split("/")[: -len(folders)])
    placed = replace(program, source=source)
    if not program.why.startswith("named by"):
        argv = languages.java_argv(name)
        placed = replace(placed, argv=argv, cwd=root or ".")
    return root or ".", placed


def _main_class(code: str, stem: str) -> str:
    """The public class; else the one named as the file; else the one that
    `main` stands in, which is the last one begun before it."""
    public = _PUBLIC.search(code)
    if public:
        return public.group(1)
    main = re.search(JAVA.main, code)
    begun = _CLASS.findall(code[: main.start()] if main else code)
    return stem if stem in begun or not begun else str(begun[-1])


def _fall_back(bench: Workbench, program: Program, why: str) -> None:
    """Classes that were handed in are run where the sources do not build."""
    name = program.argv[-1].replace(".", "/") + ".class"
    if (bench.folder / program.cwd / name).is_file():
        bench.note(f"{why}; {shown(name)}, which was handed in, is run instead")
        bench.accept(program)
    else:
        bench.give_up(program, why)


class _Javac(Task):
    """`javac` for one or more programs with the same root."""

    def __init__(
        self,
        bench: Workbench,
        root: str,
        programs: Tuple[Program, ...],
        others: Tuple[str, ...] = (),
        before: str = "",
    ) -> None:
        super().__init__(bench)
        self._root = root
        self._programs = programs
        self._others = others  # sources of other programs
        self._before = before  # the error of the try with the program alone

    def job(self) -> BuildJob:
        paths = [program.source for program in self._programs]
        if self._before:
            beside = Path(paths[0]).parent
            files = sorted((self.bench.folder / beside).glob("*.java"))
            every = [str(beside / path.name) for path in files]
            paths = [path for path in every if path not in self._others]
        sources = tuple("./" + path for path in paths)
        argv = languages.javac_argv("./" + self._root, sources)
        return BuildJob(argv, self.bench.folder)

    def done(self, result: BuildResult) -> Sequence[Task]:
        if result.code == 0:
            for program in self._programs:
                self.bench.accept(program)
            return ()
        if len(self._programs) > 1:
            return [self._alone(program) for program in self._programs]
        error = self._before or first_error(result)
        if not self._before:
            # A class may stand in a file of another name.
            again = (self._root, self._programs, self._others, error)
            return [_Javac(self.bench, *again)]
        program = self._programs[0]
        why = f"{shown(program.source)} does not compile: {error}"
        _fall_back(self.bench, program, why)
        return ()

    def _alone(self, program: Program) -> Task:
        sources = (one.source for one in self._programs)
        others = tuple(path for path in sources if path != program.source)
        return _Javac(self.bench, self._root, (program,), others)
