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

from grader import build_other, javas, languages, sources, tree
from grader.archive import shown
from grader.languages import JAVA
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult
from grader.workbench import Task, Workbench, first_error

_MAX_JARS = 16
_PACKAGE = re.compile(r"^[ \t]*package\s+([\w.]+)\s*;", re.MULTILINE)
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
        placed = _started(placed, name, root or ".", _jars(bench))
    return root or ".", placed


def _started(
    program: Program, name: str, root: str, jars: Sequence[str]
) -> Program:
    """From the folder of the packages; or from where it finds its files.
    Words that tell it its role stay."""
    own = os.path.dirname(program.source) or "."
    cwd = root if program.cwd == own else program.cwd
    beside = [os.path.relpath(jar, cwd) for jar in jars]
    plain = len(languages.java_argv("x"))
    argv = languages.java_argv(name, os.path.relpath(root, cwd), beside)
    return replace(program, argv=(*argv, *program.argv[plain:]), cwd=cwd)


def _jars(bench: Workbench) -> Tuple[str, ...]:
    """Libraries that were handed in. A wrapper only fetches a build tool."""
    every = (path for path in tree.files(bench.folder) if path.endswith(".jar"))
    return tuple(path for path in every if "wrapper" not in path)[:_MAX_JARS]


def _main_class(code: str, stem: str) -> str:
    """The public class; else the one named as the file; else the one that
    `main` stands in, which is the last one begun before it."""
    public = _PUBLIC.search(code)
    if public:
        return public.group(1)
    main = re.search(JAVA.main, code)
    begun = _CLASS.findall(code[: main.start()] if main else code)
    return stem if stem in begun or not begun else str(begun[-1])


def _class_file(bench: Workbench, program: Program) -> str:
    """Where the class of a program would lie."""
    flag = program.argv.index("-cp") if "-cp" in program.argv else -1
    if flag < 0 or len(program.argv) < flag + 3:
        return ""
    root = program.argv[flag + 1].split(":")[0]
    name = program.argv[flag + 2].replace(".", "/") + ".class"
    return os.path.normpath(os.path.join(program.cwd, root, name))


def _fall_back(bench: Workbench, program: Program, why: str) -> None:
    """Classes that were handed in are run where the sources do not build.
    What needs a later Java is nobody's fault."""
    paths = (program.source, *sources.needed(bench.folder, program.source))
    texts = [languages.read_source(bench.folder / path) for path in paths]
    lacking = javas.lacking(max(map(javas.needed, texts)))
    name = _class_file(bench, program)
    if name and (bench.folder / name).is_file():
        with open(bench.folder / name, "rb") as file:
            version = javas.needed_by_class(file.read(8))
        lacking = javas.lacking(version) or ""
        if not lacking:
            bench.note(f"{why}; {shown(name)}, which was handed in, is run instead")
            bench.accept(program)
            return
    if lacking:
        said = f"{shown(program.source)} {lacking} ({why})"
        bench.unavailable[program.role] = said
    else:
        bench.give_up(program, why)


def _made_at(bench: Workbench, program: Program) -> float:
    """When the class of a program was written; 0 where there is none."""
    path = bench.folder / (_class_file(bench, program) or ".")
    return path.stat().st_mtime if path.is_file() else 0.0


def _take(bench: Workbench, program: Program, before: float) -> bool:
    """Did a script make the class anew?"""
    if _made_at(bench, program) <= before:
        return False
    bench.accept(program)
    return True


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
            there = sorted((self.bench.folder / beside).glob("*.java"))
            every = [str(beside / path.name) for path in there]
            paths = [path for path in every if path not in self._others]
        files = tuple("./" + path for path in paths)
        jars = _jars(self.bench)
        argv = languages.javac_argv("./" + self._root, files, jars)
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
        bench = self.bench
        before = _made_at(bench, program)
        return build_other.tasks(
            bench,
            program,
            f"{shown(program.source)} does not compile: {error}",
            lambda one: _take(bench, one, before),
            lambda one, why: _fall_back(bench, one, why),
            with_cmake=False,
        )

    def _alone(self, program: Program) -> Task:
        paths = (one.source for one in self._programs)
        others = tuple(path for path in paths if path != program.source)
        return _Javac(self.bench, self._root, (program,), others)
