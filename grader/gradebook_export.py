"""In which form are marks handed on, and how is the file written?

Knows every format by its name. A file is written whole or not at all: where
the disk is full, the one that was there before is still there.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Callable, Dict, Optional, Sequence

from grader import export_canvas, export_csv, export_gradescope
from grader import export_jsonl, export_junit, export_moodle, export_table
from grader import export_xlsx
from grader.export_sheet import Given, Options
from grader.gradebook_store import Store
from grader.gradebook_model import GradebookError, Mark

_Make = Callable[[Store, Sequence[Mark], str, Options], Given]

FORMATS: Dict[str, _Make] = {
    "canvas": lambda book, marks, lab, o: export_canvas.dumps(marks, lab, o),
    "moodle": lambda book, marks, lab, o: export_moodle.dumps(marks, lab, o),
    "gradescope": lambda book, marks, lab, o: export_gradescope.dumps(
        marks, book.report, o
    ),
    "junit": lambda book, marks, lab, o: export_junit.dumps(
        marks, book.report, o
    ),
    "jsonl": lambda book, marks, lab, o: export_jsonl.dumps(
        marks, book.gradings, o
    ),
    "xlsx": lambda book, marks, lab, o: export_xlsx.dumps(
        marks, book.history(), o
    ),
    "csv": lambda book, marks, lab, o: export_csv.dumps(marks, lab, o),
}
_TEMPLATES = {
    "canvas": export_canvas.fill_template,
    "moodle": export_moodle.fill_template,
}
#: What may come back with changes: it is kept what was handed on.
KEPT = ("canvas", "moodle", "csv")


def export(
    book: Store,
    form: str,
    marks: Sequence[Mark],
    lab: str,
    options: Options,
    template: Optional[Path] = None,
    single: bool = False,
) -> Given:
    """The marks in a format of FORMATS; nothing is written.

    `template` is a file of the learning system, to be filled. `single` asks
    for one hand-in's own file where the format has one a class.
    """
    if form not in FORMATS:
        raise GradebookError("there is no format '%s'" % form)
    if template is not None:
        if form not in _TEMPLATES:
            raise GradebookError(
                "only %s take a template" % " and ".join(_TEMPLATES)
            )
        table = export_table.read(template)
        return _TEMPLATES[form](table, marks, options)
    if form == "gradescope" and single:
        return export_gradescope.dumps_one(marks[0], book.report, options)
    return FORMATS[form](book, marks, lab, options)


def as_text(given: Given, form: str) -> str:
    """An export for stdout."""
    try:
        return given.data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise GradebookError(
            "%s is no text: give a file with -o" % form
        ) from error


def write(given: Given, path: Path) -> None:
    """Write an export, for the owner's eyes alone, in one step."""
    place: Optional[str] = None
    path = Path(os.path.realpath(str(path)))
    try:
        if path.exists() and not path.is_file():
            path.write_bytes(given.data)  # a pipe, or a device
            return
        handle, place = tempfile.mkstemp(dir=str(path.parent), prefix=".export-")
        with os.fdopen(handle, "wb") as file:
            file.write(given.data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(place, str(path))
        place = None
    except OSError as error:
        raise GradebookError(
            "%s was not written: %s" % (path, error.strerror)
        ) from error
    finally:
        if place is not None:
            os.unlink(place)
