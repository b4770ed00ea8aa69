"""Whose submission is in which folder of a Gradescope export?

`submission_metadata.yml` is written by Gradescope in Ruby's way: keys are
symbols, with a colon in front. Read here: the folders' names at the top, and
`:submitters`, each with `:name`, `:sid` and `:email`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, List, Tuple

from grader import yaml_lines
from grader.gradebook_model import Student

METADATA = "submission_metadata.yml"


@dataclass(frozen=True)
class About:
    """One submission of the export."""

    folder: str
    students: Tuple[Student, ...]
    line: int


def read_metadata(path: Path) -> List[About]:
    """Every submission; ValueError with file and line for a broken file."""
    try:
        document = yaml_lines.read(path)
    except yaml_lines.YamlError as error:
        raise ValueError("%s:%d: %s" % (path, error.line, error.why)) from error
    if not isinstance(document.value, dict):
        raise ValueError("%s: no export of Gradescope" % path)
    found = []
    for folder, about in document.value.items():
        line = document.line((folder,))
        if not isinstance(about, dict) or "/" in str(folder) or str(folder) == "..":
            raise ValueError("%s:%d: no submission" % (path, line))
        people = about.get(":submitters") or []
        if not isinstance(people, list):
            raise ValueError("%s:%d: :submitters is no list" % (path, line))
        students = tuple(_student(one) for one in people if isinstance(one, dict))
        found.append(About(str(folder), students, line))
    return found


def _student(about: Any) -> Student:
    def said(key: str) -> str:
        return str(about.get(key) or "").strip()

    return Student("", said(":name"), sis_id=said(":sid"), email=said(":email"))
