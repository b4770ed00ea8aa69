"""Which programs does somebody name by their commands?

A submission may hold a file mngrade.yaml, such as

    server: python3 my_server.py
    client: python3 my_client.py
    build: make

and the command line may name a server and a client. Both win over what the
grader would choose.
"""

from __future__ import annotations

import os
import shlex
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import AbstractSet, Dict, List, Mapping, Optional, Sequence, Tuple

from grader import languages, words
from grader.archive import shown
from grader.model import Program
from grader.sources import Source

FILE = "mngrade.yaml"
ROLES = ("server", "client", "client-x", "client-y")
_EXAMPLE = "write lines such as `server: python3 server.py`"
#: A file of commands is short; more than this is not read.
_MAX_CHARS = 16384


@dataclass(frozen=True)
class Commands:
    """Commands by role; they count from the sub-folder `folder`.

    Those in `overridden` count from the top: the command line gave them.
    """

    by_role: Dict[str, str] = field(default_factory=dict)
    build: str = ""
    folder: str = "."
    overridden: Tuple[str, ...] = ()
    lines: Mapping[str, int] = field(default_factory=dict)

    def override(self, role: str, command: str) -> "Commands":
        """One client that is named replaces all clients."""
        kept = {
            key: value
            for key, value in self.by_role.items()
            if key.split("-")[0] != role
        }
        kept[role] = command
        return replace(
            self, by_role=kept, overridden=(*self.overridden, role)
        )


def read(folder: Path, notes: List[str]) -> Commands:
    """The commands of a submission; what is wrong in the file is noted."""
    file = folder / FILE
    inner = [path for path in folder.iterdir() if path.is_dir()]
    if not file.is_file() and len(inner) == 1:
        file = inner[0] / FILE
    if file.is_symlink() or not file.is_file():
        return Commands()
    from grader import yaml_lines  # slow to import, and seldom needed

    if file.stat().st_size > _MAX_CHARS:
        notes.append(f"{FILE}: it is no file of a few lines, and is not used")
        return Commands()
    try:
        document = yaml_lines.read(file)
    except (yaml_lines.YamlError, RecursionError, ValueError) as error:
        line = getattr(error, "line", 0)
        where = f"{FILE}:{line}" if line else FILE
        notes.append(f"{where}: {error}; {_EXAMPLE}; the file is not used")
        return Commands()
    if not isinstance(document.value, dict):
        notes.append(f"{FILE}:1: there are no keys in it; {_EXAMPLE}; the file"
                     " is not used")
        return Commands()
    lines = {key: document.line((key,)) for key in document.value}
    given = _checked(document.value, lines, notes)
    build = given.pop("build", "")
    place = os.path.relpath(file.parent, folder)
    return Commands(given, build, place, (), lines)


def _checked(
    data: Dict[str, object], lines: Mapping[str, int], notes: List[str]
) -> Dict[str, str]:
    given: Dict[str, str] = {}
    keys = (*ROLES, "build")
    for key, value in data.items():
        where = f"{FILE}:{lines[key]}"
        if key not in keys:
            near = words.nearest(key, keys)
            mend = f"did you mean `{near}`?" if near else f"use {', '.join(keys)}"
            notes.append(f"{where}: `{shown(key)}` is not used; {mend}")
        elif not isinstance(value, str) or not value.strip():
            notes.append(f"{where}: `{key}` has no command; {_EXAMPLE}")
        else:
            given[key] = value
    return given


def split(command: str, notes: List[str]) -> Tuple[str, ...]:
    """The words of a command, as a shell would split them."""
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        notes.append(f"`{command}`: {error}; it is not used")
        return ()


def programs(
    given: Commands,
    found: Sequence[Source],
    files: AbstractSet[str],
    notes: List[str],
) -> List[Program]:
    """The programs that commands name, with their sources where known.

    One whose file is nowhere in `files` is noted; what the submission says
    of itself is then not used, what the command line says is.
    """
    named = []
    for role, command in given.by_role.items():
        argv = split(command, notes)
        if not argv:
            continue
        ours = role in given.overridden
        cwd = "." if ours else given.folder
        if argv[0] in ("python", "python3"):
            argv = (languages.PYTHON3, *argv[1:])
        missing = "" if given.build else _missing(argv, cwd, files)
        if missing:
            where = "the command line"
            if not ours:
                where = f"{FILE}:{given.lines.get(role, 1)}"
            notes.append(f"{where}: `{role}: {shown(command)}`: {missing}")
            if not ours:
                continue
        source = _source_of(argv, cwd, found)
        language = source.language.name if source and source.language else ""
        path = str(source.path) if source else ""
        why = "named by the command line" if ours else f"named by {FILE}"
        named.append(Program(role, argv, cwd, path, language, why))
    return named


def _missing(argv: Sequence[str], cwd: str, files: AbstractSet[str]) -> str:
    """What is wrong where an interpreter is given a file that is not there."""
    if argv[0] not in (languages.PYTHON3, "node", "python2") or len(argv) < 2:
        return ""
    path = os.path.normpath(os.path.join(cwd, argv[1]))
    if argv[1].startswith("-") or path in files:
        return ""
    same = [one for one in sorted(files) if one.endswith("/" + argv[1])]
    near = same[0] if same else words.nearest(path, files)
    mend = f"; did you mean {shown(os.path.relpath(near, cwd))}?" if near else ""
    return f"there is no {shown(path)} in the submission{mend}"


def _source_of(
    argv: Sequence[str], cwd: str, found: Sequence[Source]
) -> Optional[Source]:
    """The source behind a command: an argument, or what it is built from."""
    by_path = {str(source.path): source for source in found}
    for word in argv:
        source = by_path.get(os.path.normpath(os.path.join(cwd, word)))
        if source is not None and source.language is not None:
            return source
    stems = {word.split("/")[-1].split(".")[0] for word in argv}
    for source in found:
        if source.language is not None and source.path.stem in stems:
            return source
    return None
