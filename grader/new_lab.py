"""How does an instructor get a lab to begin with?

`mngrade new-lab NAME` copies the folder lab_template, an echo server with
everything that a lab has, and puts the name in. What comes out works: its
examples get their verdicts. The rest is changing it, piece by piece.
"""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from pathlib import Path

from grader.lab import LABS

TEMPLATE = Path(__file__).resolve().with_name("lab_template")
#: What stands for the name in the files of the template.
_NAME = "LAB_NAME"
#: Programs as students write them; no linter of ours is to read these.
_PROGRAM = ".py.txt"
_FORM = re.compile(r"[a-z][a-z0-9-]*")
_MOST_LETTERS = 40


class NewLabError(Exception):
    """The lab was not made; says why."""


def make(name: str, into: Path = LABS) -> Path:
    """Write a new lab; returns its folder. Nothing is left of a failure."""
    wrong = _wrong_with(name)
    if wrong:
        raise NewLabError("'%s' cannot be the name of a lab: %s" % (name, wrong))
    folder = into / name
    if os.path.lexists(str(folder)):
        raise NewLabError("%s is there already; nothing was changed" % folder)
    try:
        into.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".new-", dir=str(into)) as half:
            made = Path(half) / name
            _copy(made, name)
            os.rename(str(made), str(folder))
    except OSError as error:
        raise NewLabError(
            "%s could not be written: %s" % (folder, error.strerror or error)
        ) from error
    return folder


def next_steps(folder: Path, into: Path = LABS) -> str:
    """What to do with a lab that was just made."""
    name = folder.name
    if folder.parent != into:
        near = os.path.join(".", os.path.relpath(str(folder)))
        name = str(folder.absolute()) if near.startswith("./..") else near
    return (
        "%s is ready: an echo server, to be made into your lab.\n"
        "  mngrade verify %s    its examples get what they must get\n"
        "  README.md            the handout\n"
        "  rubric.yaml          criteria, points, hosts\n"
        "  scenarios.py         the runs, and how each criterion is judged\n"
        "  starter/, examples/  what students get; what proves the lab\n"
        "labs/README.md is the guide.\n" % (folder, name)
    )


def _wrong_with(name: str) -> str:
    """Why a name cannot be used, "" if it can."""
    if not name:
        return "it is empty"
    if "/" in name:
        return "it is a path; say where with --into"
    if len(name) > _MOST_LETTERS:
        return "it has more than %d letters" % _MOST_LETTERS
    if _FORM.fullmatch(name):
        return ""
    fixed = re.sub(r"[^a-z0-9]+", "-", name.lower())
    fixed = fixed.lstrip("-0123456789").rstrip("-")
    advice = "; '%s' would do" % fixed if _FORM.fullmatch(fixed) else ""
    return "it must be lower-case letters, digits and hyphens, a letter first" + advice


def _copy(folder: Path, name: str) -> None:
    shutil.copytree(
        str(TEMPLATE), str(folder), ignore=shutil.ignore_patterns("__pycache__")
    )
    for path in sorted(folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(_NAME, name), encoding="utf-8")
        if path.name.endswith(_PROGRAM):
            path.rename(path.with_suffix(""))
    folder.chmod(0o755)
