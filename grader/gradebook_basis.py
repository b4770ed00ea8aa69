"""What does a grading rest on?

Names a submission, a lab and this grader by what is in their files, so that
"the same again" is a fact and not a belief.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import stat
import tempfile
from pathlib import Path
from typing import Callable, Optional, Sequence

import grader
from grader import archive, tree
from grader.gradebook_model import Basis, GradebookError
from grader.lab import Lab

_ROOT = Path(__file__).resolve().parent.parent
# What Python leaves beside a file that it ran is no part of a lab.
_LEFT_BEHIND = ("__pycache__", ".mypy_cache", ".pytest_cache")
_BLOCK = 1 << 20


def hash_tree(
    top: Path, counts: Optional[Callable[[str], bool]] = None
) -> str:
    """SHA-256, in hex, over all that is below a folder.

    Names, contents, links and who may run a file count; times, owners and
    the order on the disk do not. Paths for which `counts` says no are left
    out, with what is below. Raises GradebookError for what cannot be read.
    """
    wanted = counts or (lambda _path: True)

    def fail(error: OSError) -> None:
        raise GradebookError("cannot be read: %s" % error)

    whole = hashlib.sha256()
    paths = [
        path for path, _entry in tree.entries(top, wanted, fail) if wanted(path)
    ]
    for path in sorted(paths):
        place = os.path.join(str(top), path)
        try:
            digest = _digest(place)
        except OSError as error:
            fail(error)
        name = os.fsencode(path)
        # Lengths first, so that no two trees can read the same.
        whole.update(b"%d %s %s\n" % (len(name), name, digest))
    return whole.hexdigest()


def _digest(place: str) -> bytes:
    """What one name is: its kind, and what is in it."""
    mode = os.lstat(place).st_mode
    if stat.S_ISLNK(mode):
        target = os.fsencode(os.readlink(place))
        return b"link " + hashlib.sha256(target).hexdigest().encode()
    if stat.S_ISDIR(mode):
        return b"folder"
    if not stat.S_ISREG(mode):
        return b"special"
    content = hashlib.sha256()
    with open(place, "rb") as file:
        for block in iter(lambda: file.read(_BLOCK), b""):
            content.update(block)
    kind = b"program " if mode & 0o100 else b"file "
    return kind + content.hexdigest().encode()


def submission_sha256(paths: Sequence[Path]) -> str:
    """The hash over a submission as it is staged for grading.

    An archive and a folder that hold the same are the same. Raises
    archive.SubmissionError where `mngrade grade` would.
    """
    with tempfile.TemporaryDirectory(prefix="mngrade-hash-") as place:
        staged = archive.stage(list(paths), Path(place) / "submission")
        try:
            return hash_tree(staged.folder)
        finally:
            tree.open_up(Path(place))


def lab_sha256(folder: Path) -> str:
    """The version of a lab: the hash over its folder."""
    return hash_tree(folder, _is_source)


def runs_sha256(lab: Lab) -> str:
    """The version of what a run of a lab depends on: its code, and of its
    rubric the programs, the topology and the limits. Where only the rest
    changed, what was observed can be judged again."""
    rules = lab.rubric
    whole = hashlib.sha256()
    whole.update(hash_tree(lab.folder, _is_code).encode())
    whole.update(repr((rules.programs, rules.topology, rules.limits)).encode())
    return whole.hexdigest()


def _is_code(path: str) -> bool:
    """The lab's own modules; not what its examples hold."""
    return "/" not in path and path.endswith(".py")


def _is_source(path: str) -> bool:
    name = os.path.basename(path)
    return name not in _LEFT_BEHIND and not name.endswith(".pyc")


def version(root: Path = _ROOT) -> str:
    """The version of mngrade: its number, and a hash over what judges."""
    digest = hashlib.sha256()
    for part in ("grader", "topologies", "build/bin"):
        if (root / part).is_dir():
            digest.update(hash_tree(root / part, _is_source).encode())
    number = getattr(grader, "__version__", "0")
    return "%s+%s" % (number, digest.hexdigest()[:12])


def machine() -> str:
    """Where it was graded, as JSON: kernel, processor, cores, Python."""
    of = os.uname()
    told = {
        "system": of.sysname, "release": of.release, "build": of.version,
        "node": of.nodename, "machine": of.machine,
        "cores": len(os.sched_getaffinity(0)),
        "python": platform.python_version(),
    }  # fmt: skip
    return json.dumps(told, sort_keys=True)


def basis(paths: Sequence[Path], lab_folder: Path) -> Basis:
    """All that the grading of these paths by this lab will rest on."""
    return Basis(
        submission_sha256(paths), lab_sha256(lab_folder), version(), machine()
    )
