"""What is shared by everything that builds a submission?

The private folder, what is ready to run, what failed and why, and the
executables that were handed in and are put aside: sources are built anew,
and what was handed in is run only where that fails.
"""

from __future__ import annotations

import os
import re
import shutil
from abc import ABC, abstractmethod
from dataclasses import replace
from pathlib import Path
from typing import Dict, List, Sequence, Set

from grader import naming, tree
from grader.archive import shown
from grader.guard import Guard
from grader.model import Program
from grader.sandbox import BuildJob, BuildResult

_ELF = b"\x7fELF"
_EXECUTABLE = (b"\x02\x00", b"\x03\x00")
#: Places of the object type and the machine in an ELF file.
_TYPE, _MACHINE = slice(16, 18), slice(18, 20)
_ERROR_LINES = (
    r"^(?:\./)?(\S[^:\n]*:\d+):(?:\d+:)? *(?:fatal )?error: *(.+)$",
    r"^(?:.*/)?ld: .*?((?:undefined|multiple|cannot).+)()$",
    r"^.*?((?:undefined reference|multiple definition|cannot find -l).*)()$",
    r"^make\S*: (\*\*\* .+)()$",
    r"^.*: (exec: .*not found)()$",
)


class Workbench:
    """One submission while it is being built."""

    def __init__(self, folder: Path, aside: Path) -> None:
        self.folder = folder
        self.notes: List[str] = []
        self.ready: Dict[str, Program] = {}
        self.failures: Dict[str, str] = {}
        self.unavailable: Dict[str, str] = {}
        self.guard = Guard()  # what a build may use
        self.expected = 1  # programs that are to be built
        self._claimed: Set[str] = set()
        self._aside = aside
        self._handed_in: Dict[str, Path] = {}

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

    def claim(self, what: str) -> bool:
        """True for the first who asks for it, who is to do it."""
        first = what not in self._claimed
        self._claimed.add(what)
        return first

    def accept(self, program: Program) -> None:
        self.ready[program.role] = program

    def put_aside(self, kept: Set[str]) -> None:
        """Take executables out of the folder, except those that are run."""
        for number, path in enumerate(sorted(self.executables() - kept)):
            target = self._aside / str(number)
            shutil.move(str(self.folder / path), str(target))
            self._handed_in[path] = target

    def put_back(self) -> None:
        """What was put aside and is not in the way returns: the folder may be
        built once more, for other programs."""
        for path, kept in sorted(self._handed_in.items()):
            target = self.folder / path
            if kept.exists() and not os.path.lexists(target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.move(str(kept), str(target))
        self._handed_in.clear()

    def executables(self) -> Set[str]:
        """Paths of the executables in the folder."""
        return {
            path
            for path in tree.files(self.folder)
            if is_executable(self.folder / path)
        }

    def give_up(self, program: Program, why: str) -> None:
        """A program does not build: run what was handed in, or record it."""
        for path in sorted(self._handed_in):
            if not _stands_for(path, program):
                continue
            target = self.folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(str(self._handed_in.pop(path)), str(target))
            target.chmod(0o755)
            self.note(f"{why}; the executable {shown(path)}, which was"
                      " handed in, is run instead")
            self.run_executable(program, path)
            return
        self.failures[program.role] = why

    def run_executable(self, program: Program, path: str) -> None:
        """Let a program be run from an executable's own folder."""
        if not for_this_machine(self.folder / path):
            self.failures[program.role] = (
                f"{shown(path)} was built for another kind of machine;"
                " hand in the sources"
            )
            return
        place, name = os.path.split(path)
        own = os.path.dirname(program.source) or "."
        if program.source and program.cwd != own:
            # It was put there for the sake of the files that it reads.
            there = os.path.relpath(path, program.cwd)
            there = there if there.startswith("..") else "./" + there
            argv = (there, *program.argv[1:])
            self.accept(replace(program, argv=argv))
            return
        argv = ("./" + name, *program.argv[1:])
        self.accept(replace(program, argv=argv, cwd=place or "."))

    def sweep(self) -> None:
        """Remove what a build left that is no plain part of the folder."""
        root = os.path.realpath(self.folder)
        for path, entry in list(tree.entries(self.folder, _shallow)):
            place = self.folder / path
            if entry.is_file(follow_symlinks=False):
                continue
            if entry.is_dir(follow_symlinks=False):
                if _shallow(path):
                    continue
                tree.remove(place)
            elif entry.is_symlink() and _leads_into(root, place):
                continue
            else:
                place.unlink()
            self.note(f"{shown(path)}: removed after the build (it is no"
                      " plain file of the submission)")


def _shallow(path: str) -> bool:
    return tree.depth(path) < tree.MAX_DEPTH


def _leads_into(root: str, link: Path) -> bool:
    return os.path.realpath(link).startswith(root + "/")


class Task(ABC):
    """One command of a build, and what to do about its result."""

    def __init__(self, bench: Workbench) -> None:
        self.bench = bench

    @abstractmethod
    def job(self) -> BuildJob:
        """The command."""

    @abstractmethod
    def done(self, result: BuildResult) -> Sequence["Task"]:
        """Take the result; what is left to try comes back."""


def is_executable(path: Path) -> bool:
    """Is this a program for Linux, as a linker writes it?"""
    if path.is_symlink() or ".so" in path.suffixes:
        return False
    try:
        if not path.is_file():
            return False
        with open(path, "rb") as file:
            start = file.read(20)
    except OSError:
        return False
    return start.startswith(_ELF) and start[_TYPE] in _EXECUTABLE


def for_this_machine(path: Path) -> bool:
    """Was it built for the kind of processor that we run on?"""
    with open(path, "rb") as file, open("/proc/self/exe", "rb") as own:
        return file.read(20)[_MACHINE] == own.read(20)[_MACHINE]


def first_error(result: BuildResult) -> str:
    """The line of a compiler's output that says most."""
    if result.limit:
        return f"{result.limit} reached by the build"
    if result.timed_out:
        return "it took too long and was stopped"
    for pattern in _ERROR_LINES:
        match = re.search(pattern, result.output, re.MULTILINE)
        if match:
            said = ": ".join(part for part in match.groups() if part)
            return said.strip()[:300]
    lines = [line.strip() for line in result.output.split("\n") if line.strip()]
    return lines[0][:300] if lines else f"it ended with status {result.code}"


def _stands_for(path: str, program: Program) -> bool:
    """Is an executable the one that this program would have become?"""
    name = os.path.basename(path)
    stem = name.split(".")[0].lower()
    if program.source and stem == Path(program.source).stem.lower():
        return True
    role = program.role.split("-")[0]
    return role in name.lower() or role in naming.words_of(name)
