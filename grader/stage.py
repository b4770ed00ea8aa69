"""How does a program of a submission come onto a host?

Each program gets a private copy of the submission, so that two programs can
speak over the network and in no other way, and a sandbox around it. Everything
lies in the arena's own scratch folder and goes with it.
"""

from __future__ import annotations

import itertools
import os
import re
import shutil
import stat
from pathlib import Path
from typing import (
    TYPE_CHECKING,
    Callable,
    Dict,
    List,
    Mapping,
    Optional,
    Sequence,
    Tuple,
)

from grader import entry, languages, race_variants, sandbox, tree
from grader.etc import NOBODY
from grader.model import Program
from grader.race_variants import Variant

if TYPE_CHECKING:  # a lab can be loaded where there is no Mininet
    from grader.network import HostInfo

#: How many files of a program's folder are looked at.
MOST_FILES = 2000
#: A line that leads to another file of the program.
_LEADS = re.compile(r"\b(?:import|require|include|new|extends)\b")
_NAMES = re.compile(r"\w+")
#: Files that programs read their settings from.
_SETTINGS = (".json", ".ini", ".cfg", ".conf", ".toml", ".yaml", ".yml",
             ".properties")  # fmt: skip
_PAGE = 4096


class Stage:
    """The submission's programs, ready to be started in one run."""

    def __init__(
        self,
        programs: Sequence[Program],
        folder: Path,
        scratch: Path,
        labexec: Path,
        hosts: Mapping[str, HostInfo],
        clients: Sequence[str],
        make_room: Callable[[Path, int, int], None] = lambda *_: None,
    ) -> None:
        self._make_room = make_room
        self._programs: Dict[str, Program] = {p.role: p for p in programs}
        self._folder = folder
        self._scratch = scratch
        self._clients = tuple(clients)
        self._prepared: Dict[str, Tuple[Program, Path]] = {}
        self._hosts_file = self._write_hosts(hosts)
        # Whoever runs programs may not pass through the folders above ours.
        self._labexec = scratch / "labexec"
        shutil.copy(str(labexec), str(self._labexec))

    def has(self, role: str) -> bool:
        """Whether the submission has a program for this role."""
        return any(
            known == role or known.startswith(role + "-")
            for known in self._programs
        )

    def source(self, role: str) -> str:
        """The text of the main source of a role's program, "" if none."""
        for known, program in sorted(self._programs.items()):
            if known == role or known.startswith(role + "-"):
                path = self._folder / program.source
                if program.source and path.is_file():
                    return languages.read_source(path)
        return ""

    def language(self, role: str) -> str:
        """The language of a role's program, "" if none."""
        for known, program in sorted(self._programs.items()):
            if known == role or known.startswith(role + "-"):
                return program.language
        return ""

    def sources(self, role: str) -> str:
        """The main source, and those beside it that one of them names."""
        for known, program in sorted(self._programs.items()):
            if known == role or known.startswith(role + "-"):
                path = self._folder / program.source
                if program.source and path.is_file():
                    return _with_neighbours(path)
        return ""

    def folders_beside(self, role: str) -> List[str]:
        """The names of the folders where a role's program is started, and in
        what is above it (some are to be started from there), as handed in."""
        for known, program in sorted(self._programs.items()):
            if known == role or known.startswith(role + "-"):
                place = self._folder / program.cwd
                above = [one for one in place.parents if self._folder in one.parents]
                names = [
                    path.name
                    for one in dict.fromkeys([place, *above, self._folder])
                    for path in (sorted(one.iterdir()) if one.is_dir() else ())
                    if path.is_dir() and path not in (place, *above)
                ]
                return [name for name in names if not name.startswith((".", "__"))]
        return []

    def has_made(self, name: str, content: bytes) -> bool:
        """Whether a program has a file with just this content beside it."""
        copy = self._scratch / ("copy-" + name)
        return any(
            _content(path, len(content)) == content
            for path in itertools.islice(sorted(copy.rglob("*")), MOST_FILES)
        )

    def role_asked(self, role: str, said: str) -> str:
        """What to type where one program for both roles asks its user for
        its role; "" where it does not."""
        return entry.answer(said, role) or "" if self.is_one_for_both else ""

    @property
    def client_count(self) -> int:
        """How many clients there are, for a server that asks."""
        return len(self._clients)

    @property
    def is_one_for_both(self) -> bool:
        """Whether server and client are started in the same way."""
        started = {(one.argv, one.cwd) for one in self._programs.values()}
        return len(started) == 1 and len(self._programs) > 1

    def program_for(self, role: str, host: str) -> Program:
        """With two client programs, each client host has one of its own."""
        roles = sorted(r for r in self._programs if r.startswith(role + "-"))
        if role in self._programs or not roles:
            return self._programs[role]
        place = self._clients.index(host) if host in self._clients else 0
        return self._programs[roles[place % len(roles)]]

    def prepare(
        self, name: str, program: Program, host: str, files: Mapping[str, bytes]
    ) -> Tuple[str, ...]:
        """Make the private copy; the argv of the sandbox around it.

        `files` are put into the folder that the program is started in.
        """
        copy = self._scratch / ("copy-" + name)
        copy.mkdir()
        self._make_room(copy, *_extent(self._folder))
        shutil.copytree(
            str(self._folder), str(copy), symlinks=True, dirs_exist_ok=True
        )
        for relative, content in files.items():
            path = copy / program.cwd / relative
            if path.parent.exists() and not path.parent.is_dir():
                continue  # a file of the submission has the folder's name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self._prepared[name] = (program, copy)
        if self.user is not None:
            tree.give(copy, self.user, self.user)
        return sandbox.wrap_program(
            copy, host, self._hosts_file, self._labexec, cwd=program.cwd
        )

    def hurried(self, name: str) -> Optional[Variant]:
        """A prepared program with its threads changing places all the time."""
        program, copy = self._prepared[name]
        return race_variants.hurried(program, copy)

    def sanitized(self, name: str) -> Optional[Variant]:
        """A prepared program, built so that it tells its data races."""
        program, copy = self._prepared[name]
        try:
            return race_variants.sanitized(program, copy)
        finally:
            if self.user is not None:  # the build has taken the folder back
                tree.give(copy, self.user, self.user)

    @property
    def user(self) -> Optional[int]:
        """Who runs the programs, where that is somebody else than we."""
        return NOBODY if sandbox.can_drop() else None

    def _write_hosts(self, hosts: Mapping[str, HostInfo]) -> Path:
        etc = self._scratch / "etc"
        etc.mkdir()
        lines = ["127.0.0.1 localhost"]
        lines += ["%s %s" % (hosts[name].ip, name) for name in sorted(hosts)]
        path = etc / "hosts"
        path.write_text("\n".join(lines) + "\n")
        path.chmod(0o644)
        return path


def _extent(folder: Path) -> Tuple[int, int]:
    """How much room a copy of a folder takes: bytes, in whole pages, and
    files."""
    sizes = [path.lstat().st_size for path in folder.rglob("*")]
    return sum(size + _PAGE for size in sizes), len(sizes)


def _content(path: Path, size: int) -> Optional[bytes]:
    """What a plain file of this size holds. The program still runs, and may
    put a link or a FIFO in its place at any moment."""
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        with open(os.open(str(path), flags), "rb") as file:
            told = os.fstat(file.fileno())
            if not stat.S_ISREG(told.st_mode) or told.st_size != size:
                return None
            return file.read(size)
    except OSError:
        return None


def _with_neighbours(main: Path) -> str:
    """A source, the files of its kind beside it that it leads to, and the
    settings that it names."""
    beside = {
        path.stem: path
        for path in sorted(main.parent.iterdir())
        if path.suffix in (main.suffix, ".h") and path.is_file()
    }
    text, waiting, seen = "", [main], {main.stem}
    while waiting:
        own = languages.read_source(waiting.pop())
        text += own + "\n"
        for line in own.split("\n"):
            named = set(_NAMES.findall(line)) if _LEADS.search(line) else set()
            for stem in sorted(named & set(beside) - seen):
                seen.add(stem)
                waiting.append(beside[stem])
    for path in sorted(main.parent.iterdir()):
        if path.suffix in _SETTINGS and path.name in text and path.is_file():
            text += languages.read_source(path) + "\n"
    return text
