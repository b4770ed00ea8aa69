"""What did the class hand in, and who handed in what?

Takes a folder, or an archive that a learning system made, and finds the
submissions in it. The system is recognised by the names that it gives:

    Canvas      doejane_LATE_101_2002_server-1.py       one folder, flat
    Moodle      Jane Doe_1234_assignsubmission_file_    folders, or flat
    Gradescope  submission_metadata.yml beside submission_1234/
    Classroom   pa3-janedoe/ with a .git in it          (GitHub)
    folder      one folder, archive or source for each submission

Nothing is unpacked or copied here but the class's own archive.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Callable, Dict, Iterator, List, Sequence, Tuple

from grader import archive
from grader.gradebook_model import Student
from grader.intake_gradescope import METADATA, read_metadata

#: A class of a thousand with an archive each.
MOST_FILES = 200_000
MOST_BYTES = 16 << 30

_CANVAS = re.compile(
    r"(?P<who>[^_]+)_(?P<late>LATE_)?(?P<user>\d+)_(?:(?P<upload>\d+)_)?(?P<file>.+)$",
    re.DOTALL,
)
_CANVAS_AGAIN = re.compile(r"-(\d{1,2})(?=(?:\.[^.]+){0,2}$)")
_MOODLE = re.compile(
    r"(?P<who>.+)_(?P<id>\d+)_assignsubmission_(?P<kind>file|onlinetext)_?(?P<file>.*)$",
    re.DOTALL,
)
_LEFT_OUT = archive.LEFT_OUT | {METADATA}


class IntakeError(Exception):
    """Nothing that can be graded; says what, where, how to mend it."""


@dataclass(frozen=True)
class HandIn:
    """One submission as it was received.

    `files` are given by the name that the student gave them, and where they
    are now. `students` holds what the system says of the people, without
    ids. `late_s` is 0 for in time; a system that says only "late" gives 1.
    """

    name: str  # unique in its class, and safe as the name of a folder
    files: Tuple[Tuple[str, Path], ...]
    students: Tuple[Student, ...] = ()
    attempt: int = 1
    late_s: float = 0.0
    received: str = ""
    notes: Tuple[str, ...] = ()


@dataclass(frozen=True)
class Intake:
    """A class's hand-ins, sorted by their names."""

    layout: str
    hand_ins: Tuple[HandIn, ...]
    notes: Tuple[str, ...] = ()


def read(what: Path, unpacked: Path) -> Intake:
    """Find the submissions; an archive is unpacked into `unpacked`."""
    notes: Tuple[str, ...] = ()
    if what.is_file():
        try:
            staged = archive.unpack(what, unpacked, MOST_FILES, MOST_BYTES)
        except archive.SubmissionError as error:
            raise IntakeError(str(error)) from error
        what, notes = _inside(unpacked), staged.notes
    if not what.is_dir():
        raise IntakeError("%s: no such folder or archive" % what)
    entries = _entries(what)
    for layout, take in _LAYOUTS:
        found = take(what, entries)
        if found:
            return Intake(layout, tuple(_named_apart(found)), notes)
    raise IntakeError(
        "%s: there are no submissions in it; a folder or an archive for each"
        " is needed, or a download of Canvas, Moodle, Gradescope or GitHub"
        " Classroom" % what
    )


def collect(hand_in: HandIn, into: Path) -> List[Path]:
    """The paths to stage; files that were renamed get their names back."""
    if all(path.name == name for name, path in hand_in.files):
        return [path for _name, path in hand_in.files]
    found = []
    for name, path in hand_in.files:
        into.mkdir(parents=True, exist_ok=True)
        target = into / (path.name if name in ("", ".", "..") else name)
        target.write_bytes(path.read_bytes())
        found.append(target)
    return found


def _entries(folder: Path) -> List[Path]:
    return [
        path
        for path in sorted(folder.iterdir())
        if path.name not in _LEFT_OUT and not path.name.startswith(".")
    ]


def _inside(folder: Path) -> Path:
    """The folder that an archive holds alone; what is around it says nothing."""
    entries = list(folder.iterdir())
    while len(entries) == 1 and entries[0].is_dir():
        if _MOODLE.match(entries[0].name) or (entries[0] / ".git").exists():
            break
        folder = entries[0]
        entries = list(folder.iterdir())
    return folder


# ---- the systems ---------------------------------------------------------


def _canvas(_top: Path, entries: Sequence[Path]) -> List[HandIn]:
    matches = [(path, _CANVAS.match(path.name)) for path in entries]
    if not matches or not all(match for _path, match in matches):
        return []
    people: Dict[str, List[Tuple[Path, "re.Match[str]"]]] = {}
    for path, match in matches:
        assert match is not None
        people.setdefault(match["user"], []).append((path, match))
    return [_of_canvas(user, theirs) for user, theirs in people.items()]


def _of_canvas(user: str, theirs: Sequence[Tuple[Path, "re.Match[str]"]]) -> HandIn:
    files, attempt, notes = _again_numbered(theirs)
    late = any(match["late"] for _path, match in theirs)
    if late:
        notes.append("Canvas marks it late, and not by how much")
    who = theirs[0][1]["who"]
    return HandIn(
        who, tuple(files), (Student("", who, canvas_id=user),), attempt,
        1.0 if late else 0.0, ", ".join(path.name for path, _match in theirs),
        tuple(notes),
    )  # fmt: skip


def _again_numbered(
    theirs: Sequence[Tuple[Path, "re.Match[str]"]]
) -> Tuple[List[Tuple[str, Path]], int, List[str]]:
    """Canvas appends -1, -2 to what is handed in again. The name that the
    student gave is what other files know it by, so it comes back, unless two
    files would get the same one."""
    given = [match["file"] for _path, match in theirs]
    plain = [_CANVAS_AGAIN.sub("", name) for name in given]
    attempts = [int(m.group(1)) for m in map(_CANVAS_AGAIN.search, given) if m]
    if not attempts or len(attempts) < len(given) or len(set(plain)) < len(plain):
        return list(zip(given, (path for path, _m in theirs))), 1, []
    notes = ["the numbers that Canvas appends to names were taken off"]
    return list(zip(plain, (path for path, _m in theirs))), 1 + max(attempts), notes


def _moodle(_top: Path, entries: Sequence[Path]) -> List[HandIn]:
    matches = [(path, _MOODLE.match(path.name)) for path in entries]
    if not matches or not all(match for _path, match in matches):
        return []
    people: Dict[str, HandIn] = {}
    for path, match in matches:
        assert match is not None
        if match["kind"] == "onlinetext" and len(matches) > 1:
            continue  # words beside the files
        one = HandIn(
            match["who"], ((match["file"] or path.name, path),),
            (Student("", match["who"], moodle_id=match["id"]),),
            received=path.name,
        )  # fmt: skip
        known = people.get(match["id"])
        if known is not None:
            one = replace(known, files=known.files + one.files)
        people[match["id"]] = one
    return list(people.values())


def _gradescope(top: Path, _entries: Sequence[Path]) -> List[HandIn]:
    if not (top / METADATA).is_file():
        return []
    try:
        known = read_metadata(top / METADATA)
    except ValueError as error:
        raise IntakeError(str(error)) from error
    found = []
    for about in known:
        folder = top / about.folder
        if not folder.is_dir():
            raise IntakeError(
                "%s:%d: there is no folder %s beside it; unpack the whole export"
                % (METADATA, about.line, about.folder)
            )
        names = [student.name or student.email for student in about.students]
        found.append(
            HandIn(
                " and ".join(names) or about.folder,
                ((folder.name, folder),), about.students, received=about.folder,
            )
        )  # fmt: skip
    return found


def _classroom(_top: Path, entries: Sequence[Path]) -> List[HandIn]:
    clones = [path for path in entries if (path / ".git").exists()]
    if len(clones) < 2 or len(clones) < len(entries):
        return []
    prefix = os.path.commonprefix([path.name for path in clones])
    prefix = prefix[: prefix.rfind("-") + 1]
    return [
        HandIn(
            path.name[len(prefix) :], ((path.name, path),),
            (Student("", "", login=path.name[len(prefix) :]),),
            received=path.name, notes=tuple(_commit(path)),
        )
        for path in clones
    ]  # fmt: skip


def _commit(clone: Path) -> Iterator[str]:
    """Which commit it is, without running git in what a student made."""
    try:
        head = (clone / ".git" / "HEAD").read_text("ascii")[:200].strip()
        if head.startswith("ref: refs/heads/"):
            name = head[len("ref: ") :]
            if ".." not in name:
                head = (clone / ".git" / name).read_text("ascii")[:200].strip()
        if re.fullmatch(r"[0-9a-f]{40,64}", head):
            yield "commit " + head
    except (OSError, ValueError):
        return


def _folder(_top: Path, entries: Sequence[Path]) -> List[HandIn]:
    return [
        HandIn(
            archive.stem(path), ((path.name, path),),
            (Student("", archive.stem(path)),), received=path.name,
        )
        for path in entries
        if path.is_dir() or _may_be_one(path)
    ]  # fmt: skip


def _may_be_one(path: Path) -> bool:
    """A lone file is a submission if it is an archive or a source."""
    if not path.is_file():
        return False  # a FIFO, which nobody writes to
    if path.suffix.lower() in archive.SOURCES:
        return True
    try:
        return bool(archive.kind_of(path))
    except archive.SubmissionError:
        return True  # damaged: somebody did hand it in


_Layout = Callable[[Path, Sequence[Path]], List[HandIn]]
_LAYOUTS: Tuple[Tuple[str, _Layout], ...] = (
    ("gradescope", _gradescope),
    ("moodle", _moodle),
    ("canvas", _canvas),
    ("classroom", _classroom),
    ("folder", _folder),
)


# ---- names -----------------------------------------------------------------


def _named_apart(found: Sequence[HandIn]) -> Iterator[HandIn]:
    """Names that are safe as those of folders, each one once."""
    taken: Dict[str, int] = {}
    for hand_in in sorted(found, key=lambda one: (one.name, one.received)):
        name = safe_name(hand_in.name)
        count = taken[name.casefold()] = taken.get(name.casefold(), 0) + 1
        yield replace(hand_in, name=name if count == 1 else "%s~%d" % (name, count))


def safe_name(text: str) -> str:
    """A text as the name of a folder: no path, nothing invisible, not long."""
    kept = "".join(c if c.isalnum() or c in "-_. " else "_" for c in text)
    name = " ".join(kept.split()).strip(". ")[:80].strip() or "unnamed"
    return "_" + name[1:] if name.startswith("-") else name  # it is no option
