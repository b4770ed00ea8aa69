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
from typing import Dict, List, Optional, Sequence, Tuple

from grader import languages
from grader.model import Program
from grader.sources import Source

FILE = "mngrade.yaml"
ROLES = ("server", "client", "client-x", "client-y")
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
    import yaml  # slow to import, and seldom needed

    try:
        data = yaml.safe_load(languages.read_source(file)[:_MAX_CHARS])
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark is not None else ""
        notes.append(f"{FILE}{where}: is not YAML, and is not used")
        return Commands()
    if not isinstance(data, dict):
        notes.append(
            f"{FILE}: must hold lines such as `server: python3 server.py`;"
            " it is not used"
        )
        return Commands()
    given = _checked(data, notes)
    build = given.pop("build", "")
    return Commands(given, build, os.path.relpath(file.parent, folder))


def _checked(data: Dict[object, object], notes: List[str]) -> Dict[str, str]:
    given: Dict[str, str] = {}
    for key, value in data.items():
        known = key in ROLES or key == "build"
        if known and isinstance(value, str) and value.strip():
            given[str(key)] = value
        else:
            notes.append(
                f"{FILE}: `{key}` is not used; it must be one of"
                f" {', '.join(ROLES)} or build, with a command"
            )
    return given


def split(command: str, notes: List[str]) -> Tuple[str, ...]:
    """The words of a command, as a shell would split them."""
    try:
        return tuple(shlex.split(command))
    except ValueError as error:
        notes.append(f"`{command}`: {error}; it is not used")
        return ()


def programs(
    given: Commands, found: Sequence[Source], notes: List[str]
) -> List[Program]:
    """The programs that commands name, with their sources where known."""
    named = []
    for role, command in given.by_role.items():
        argv = split(command, notes)
        if not argv:
            continue
        if argv[0] in ("python", "python3"):
            argv = (languages.PYTHON3, *argv[1:])
        cwd = "." if role in given.overridden else given.folder
        source = _source_of(argv, cwd, found)
        language = source.language.name if source and source.language else ""
        path = str(source.path) if source else ""
        why = "named by the command line"
        if role not in given.overridden:
            why = f"named by {FILE}"
        named.append(Program(role, argv, cwd, path, language, why))
    return named


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
