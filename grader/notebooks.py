"""Which programs stand in the cells of a Jupyter notebook?

Looked at only where a hand-in has no other program for a role. The cells of
code become files beside the notebook; what only a notebook understands is
left out of them.
"""

from __future__ import annotations

import errno
import json
import re
from pathlib import Path, PurePosixPath
from typing import Any, Callable, Dict, List, Sequence, Tuple

from grader import tree
from grader.archive import shown

SUFFIX = ".ipynb"
_MAX_BYTES = 4 * 1024 * 1024
_MOST = 20
_WRITES = re.compile(r"^%%(?:writefile|file)\s+(?:-a\s+)?(\S+)[^\n]*\n")
#: Cells in another language.
_FOREIGN = re.compile(r"^%%(?!time|timeit|capture|prun|python3?\b)\w+")
_MAGIC = re.compile(r"^(\s*)([%!?].*)$", re.M)

#: The role that code speaks for, "" for none, "both".
KindOf = Callable[[str], str]


def unpack(
    folder: Path, kind_of: KindOf, lacking: Sequence[str]
) -> Tuple[str, ...]:
    """Write the programs of the notebooks for the roles that are lacking.

    Notes come back, one for each file that was written.
    """
    notes: List[str] = []
    for path in [p for p in tree.files(folder) if p.endswith(SUFFIX)][:_MOST]:
        for name, code in _programs(folder, path, kind_of):
            kind = kind_of(code)
            if kind not in (*lacking, "both"):
                continue
            if _written(folder / name, code):
                notes.append(
                    f"{shown(name)}: made of the code cells of {shown(path)},"
                    " since nothing else was handed in for it"
                )
    return tuple(notes)


def _written(target: Path, code: str) -> bool:
    """Write a file that is not there yet; a cell may name what none can be."""
    try:
        with open(target, "x", encoding="utf-8", errors="replace") as out:
            out.write(code)
        return True
    except (OSError, ValueError) as error:
        if getattr(error, "errno", 0) in (errno.ENOSPC, errno.EDQUOT):
            raise
        return False


def _programs(
    folder: Path, path: str, kind_of: KindOf
) -> List[Tuple[str, str]]:
    """Names and texts of the files that the cells make."""
    place = PurePosixPath(path)
    files, cells = _cells(folder / path)
    found = [(str(place.with_name(name)), text) for name, text in files]
    kinds = [kind_of(cell) for cell in cells]
    roles = [role for role in ("server", "client") if role in kinds]
    if "both" in kinds or len(roles) < 2:
        whole = "\n\n".join(cells) + "\n"
        return [*found, (str(place.with_suffix(".py")), whole)]
    for role in roles:
        kept = [c for c, kind in zip(cells, kinds) if kind in (role, "")]
        name = f"{place.stem}_{role}.py"
        found.append((str(place.with_name(name)), "\n\n".join(kept) + "\n"))
    return found


def _cells(path: Path) -> Tuple[List[Tuple[str, str]], List[str]]:
    """The files that cells write themselves, and the cells of Python."""
    files: Dict[str, str] = {}
    cells: List[str] = []
    for text in _sources(path):
        writes = _WRITES.match(text)
        if writes:
            name = PurePosixPath(writes.group(1).strip("\"'")).name
            if name not in ("", ".."):
                files[name] = text[writes.end() :]
        elif text.strip() and not _FOREIGN.match(text):
            cells.append(_MAGIC.sub(r"\1pass  # \2", text))
    return sorted(files.items()), cells


def _sources(path: Path) -> List[str]:
    """The texts of the cells of code; none where it is no notebook."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            return []
        data: Any = json.loads(path.read_bytes().decode("utf-8-sig"))
        return [
            _text_of(cell["source"])
            for cell in data["cells"]
            if cell["cell_type"] == "code"
        ]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []


def _text_of(source: Any) -> str:
    return source if isinstance(source, str) else "".join(source)
