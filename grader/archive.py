"""How does what someone handed in become a folder that we may work in?

A folder, some files, one file, a zip or a tar all end as plain files and
folders below one private folder: no links, no devices, names in UTF-8,
bounded in number and size. Nothing here knows what the files mean.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Dict, Iterator, List, Sequence, Tuple, Union

from grader import tree

#: No hand-in of a network lab comes near these.
MAX_MEMBERS = 5000
MAX_BYTES = 256 * 1024 * 1024
#: An archive in an archive is what an LMS makes; deeper is an attack.
MAX_NESTING = 2
#: What reading an archive may take, the memory beside the grader's own.
MAX_MEMORY = 512 << 20
MAX_CPU_S = 30
#: Past this the machine is to blame, and not the archive.
_MAX_WALL_S = 300.0
#: Notes on one submission, and letters of a name in them.
_MOST_NOTES = 40
_LONGEST_NAME = 200

#: What tools leave behind; none of it was written by a student.
LEFT_OUT = frozenset(
    ".git .svn .hg .idea .vscode .vs .history .settings .metadata .gradle .tox"
    " .eggs .ipynb_checkpoints __MACOSX venv .venv env.bak site-packages"
    " dist-packages node_modules CMakeFiles __pycache__ .mypy_cache"
    " .pytest_cache .ruff_cache .DS_Store Thumbs.db desktop.ini".split()
)
#: What a lab's own example must get; not part of what is handed in.
_EXAMPLE_VERDICTS = "verdicts.yaml"
#: Zip files by format, but not archives that somebody handed in.
_ZIP_DOCUMENTS = (".docx", ".xlsx", ".pptx", ".odt", ".jar", ".war")
_TAR_STARTS = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00")
_FOREIGN = ((b"Rar!", "RAR"), (b"7z\xbc\xaf\x27\x1c", "7-Zip"))
#: Errors that say something about this machine.
_OUR_FAULTS = frozenset((
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.ENOMEM, errno.EMFILE,
    errno.ENFILE,
))  # fmt: skip
SOURCES = (".py", ".c", ".cc", ".cpp", ".cxx", ".java", ".js", ".mjs")
_OF_SOCKETS = re.compile(rb"socket|[\"']net[\"']", re.IGNORECASE)


class SubmissionError(Exception):
    """What was handed in cannot be taken; says what, where, how to mend."""


@dataclass(frozen=True)
class Staged:
    """A private copy of a submission.

    `name` is what to call it: the name of the folder, archive or file.
    """

    folder: Path
    name: str
    notes: Tuple[str, ...] = ()


def stage(
    path_or_paths: Union[str, Path, Sequence[Union[str, Path]]], into: Path
) -> Staged:
    """Copy or unpack a submission into the folder `into`.

    `into` is made where it is missing and holds nothing else afterwards.
    """
    if isinstance(path_or_paths, (str, Path)):
        paths = [Path(path_or_paths)]
    else:
        paths = [Path(path) for path in path_or_paths]
    if not paths:
        raise SubmissionError("no submission was named: give a folder or file")
    into.mkdir(parents=True, exist_ok=True)
    stager = _Stager(into)
    with ExitStack() as stack:
        closed = []
        for path in paths:
            for one in _take(stager, path):
                stack.enter_context(one.file)
                closed.append(one)
        if closed or _archives_in(stager):
            first = os.path.basename(os.path.abspath(paths[0]))
            _unpack_all(stager, closed, first)
    _remove_environments(stager)
    return Staged(into, _name_of(paths), stager.told())


def unpack(archive: Path, into: Path, members: int, size: int) -> Staged:
    """Unpack one archive as it is, archives in it unopened.

    For what a learning system packs, so with limits of its own: so many
    files, so many bytes.
    """
    into.mkdir(parents=True, exist_ok=True)
    stager = _Stager(into, members, size)
    kind = kind_of(archive)
    if not kind:
        raise SubmissionError(f"{shown(str(archive))}: is no zip or tar")
    with open(archive, "rb") as file:
        closed = [_Closed(file, archive.name, kind)]
        _unpack_all(stager, closed, archive.name, of_class=True)
    return Staged(into, stem(archive), stager.told())


def shown(name: str) -> str:
    """A name as it can be printed, whatever its bytes are."""
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)


def _cut(text: str) -> str:
    """A text that an archive made up, as it can be printed, and not long."""
    told = shown(text[: _LONGEST_NAME + 1])
    return told if len(told) <= _LONGEST_NAME else told[:_LONGEST_NAME] + "…"


def _raise_ours(error: Exception) -> None:
    """A disk that is full, and the like, is no fault of what was handed in:
    a file that is left out for that would cost a student points."""
    if isinstance(error, OSError) and error.errno in _OUR_FAULTS:
        raise error


def _name_of(paths: Sequence[Path]) -> str:
    first = Path(os.path.abspath(paths[0]))
    return shown(first.parent.name) if len(paths) > 1 else stem(first)


def stem(path: Path) -> str:
    """A folder's name, or a file's without its endings."""
    for ending in (".tar.gz", ".tar.bz2", ".tar.xz"):
        if path.name.lower().endswith(ending):
            return shown(path.name[: -len(ending)])
    return shown(path.name if path.is_dir() else path.stem)


@dataclass(frozen=True)
class _Closed:
    """An archive that is still to be opened."""

    file: IO[bytes]
    name: str
    kind: str


def _take(stager: _Stager, path: Path) -> Iterator[_Closed]:
    """Copy what lies open; an archive comes back closed."""
    try:
        if path.is_dir():
            stager.copy_folder(path)
        elif path.is_file():
            kind = kind_of(path)
            if kind:
                yield _Closed(open(path, "rb"), path.name, kind)
            else:
                stager.copy_file(path, PurePosixPath(path.name))
        else:
            raise SubmissionError(
                f"{shown(str(path))}: no such file or folder; check the path"
            )
    except OSError as error:
        _raise_ours(error)
        why = error.strerror or str(error)
        raise SubmissionError(
            f"{shown(str(path))}: cannot be read ({why}); check its permissions"
        ) from error


class _Stager:
    """Writes into one folder, and keeps count."""

    def __init__(self, into: Path, members: int = 0, size: int = 0) -> None:
        self.into = into
        self.most_members = members or MAX_MEMBERS
        self.most_bytes = size or MAX_BYTES
        self.notes: List[str] = []
        self.left_notes = 0
        self._members = 0
        self._bytes = 0

    def note(self, text: str) -> None:
        if text in self.notes:
            return
        if len(self.notes) < _MOST_NOTES:
            self.notes.append(text)
        else:
            self.left_notes += 1

    def told(self) -> Tuple[str, ...]:
        """The notes, and how many more there are."""
        if not self.left_notes:
            return tuple(self.notes)
        return (*self.notes, "and %d more such notes" % self.left_notes)

    @staticmethod
    def _left_out(relative: PurePosixPath) -> bool:
        if any(part in LEFT_OUT for part in relative.parts):
            return True
        return relative.name.startswith("._")  # macOS: one beside every file

    def place(self, relative: PurePosixPath) -> Path:
        """Where a file goes."""
        parts = [self._utf8(part) for part in relative.parts]
        target = self.into.joinpath(*parts)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def _utf8(self, part: str) -> str:
        raw = os.fsencode(part)
        try:
            return raw.decode("utf-8")
        except UnicodeDecodeError:
            name = raw.decode("latin-1")
            self.note(f"{shown(part)}: renamed, its name is not UTF-8")
            return name

    def count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > self.most_bytes:
            raise SubmissionError(
                f"the submission is larger than {self.most_bytes >> 20} MiB; "
                "hand in the programs alone"
            )

    def write(
        self, relative: PurePosixPath, source: IO[bytes], mode: int, mtime: float
    ) -> None:
        """Write one regular file; what cannot be written is noted."""
        if self._left_out(relative):
            return  # it is not counted either: a venv has thousands of files
        self._members += 1
        if self._members > self.most_members:
            raise SubmissionError(
                f"the submission has more than {self.most_members} files; "
                "hand in the programs alone"
            )
        try:
            target = self.place(relative)
            with open(target, "wb") as out:
                for block in iter(lambda: source.read(1 << 16), b""):
                    self.count(len(block))
                    out.write(block)
            target.chmod(0o755 if mode & 0o111 else 0o644)
        except (OSError, ValueError) as error:
            _raise_ours(error)
            why = getattr(error, "strerror", "") or type(error).__name__
            self.note(f"{_cut(str(relative))}: left out ({why})")
            return
        with suppress(OSError, OverflowError, ValueError):
            os.utime(target, (mtime, mtime))  # an archive may name any time

    def copy_file(self, path: Path, relative: PurePosixPath) -> None:
        try:
            # Not blocking: it may have become a FIFO since we looked.
            fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            why = error.strerror
            self.note(f"{shown(str(relative))}: left out ({why})")
            return
        with open(fd, "rb") as source:
            about = os.fstat(fd)
            self.write(relative, source, about.st_mode, about.st_mtime)

    def copy_folder(self, top: Path) -> None:
        """Copy what is in a folder. A link to a file in it becomes that file."""
        root = Path(os.path.realpath(top))
        ours = root.parent.parent.name == "examples"

        def enter(path: str) -> bool:
            return self._enters(root / path, path)

        for path, entry in tree.entries(root, enter, self._unreadable):
            if entry.is_dir(follow_symlinks=False) or entry.name in LEFT_OUT:
                continue
            if ours and entry.name == _EXAMPLE_VERDICTS:
                continue
            if self._is_ours_to_read(root, root / path):
                self.copy_file(root / path, PurePosixPath(path))
            else:
                self.note(
                    f"{shown(path)}: left out (a link to a folder or out of"
                    " the submission, or no plain file)"
                )

    def _unreadable(self, error: OSError) -> None:
        self.note(f"{shown(str(error.filename))}: left out ({error.strerror})")

    def _enters(self, folder: Path, path: str) -> bool:
        if folder.name in LEFT_OUT or folder == self.into.resolve():
            return False
        if tree.depth(path) >= tree.MAX_DEPTH:
            self.note(f"{shown(path[:80])}…: left out (too deep)")
            return False
        # A virtual environment may have any name.
        return not (folder / "pyvenv.cfg").is_file()

    @staticmethod
    def _is_ours_to_read(root: Path, path: Path) -> bool:
        real = Path(os.path.realpath(path))
        if root not in real.parents:
            return False
        try:
            return stat.S_ISREG(os.lstat(real).st_mode)
        except OSError:
            return False


# ---- archives --------------------------------------------------------------


def kind_of(path: Path) -> str:
    """"zip", "tar", or "" for a file that is no archive; by content."""
    with open(path, "rb") as file:
        start = file.read(265)
    for magic, name in _FOREIGN:
        if start.startswith(magic):
            raise SubmissionError(
                f"{shown(path.name)}: {name} archives cannot be unpacked here;"
                " hand in a .zip or .tar.gz"
            )
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "" if path.suffix.lower() in _ZIP_DOCUMENTS else "zip"
    if start.startswith(_TAR_STARTS) or start[257:262] == b"ustar":
        return "tar"
    if path.suffix.lower() in (".zip", ".tar", ".tgz"):
        raise SubmissionError(
            f"{shown(path.name)}: is not an archive, or is damaged;"
            " make it again and check that it opens"
        )
    return ""


def _unpack_all(
    stager: _Stager, closed: Sequence[_Closed], name: str, of_class: bool = False
) -> None:
    """Open archives, and those in them, in a child: they may be made to take
    all memory or all time. A class's own archive may take more of both."""
    import tarfile  # noqa: F401  slow to import, and seldom needed; the child
    import zipfile  # noqa: F401  has no way to a folder that is closed

    from grader import guarded, unpack  # noqa: F401

    many = 4 if of_class else 1
    bounds = guarded.Bounds(
        memory=many * MAX_MEMORY,
        cpu_s=60 * MAX_CPU_S if of_class else MAX_CPU_S,
        wall_s=60 * _MAX_WALL_S if of_class else _MAX_WALL_S,
        file_bytes=stager.most_bytes,
    )

    def work() -> Dict[str, object]:
        top, stager.into = stager.into, Path(".")  # the way there is closed
        try:
            for one in closed:
                _unpack(stager, one, PurePosixPath("."))
            if not of_class:
                _unpack_inner(stager)
        except SubmissionError as error:
            return {"refused": str(error)}
        finally:
            stager.into = top
        return {"notes": stager.notes, "left": stager.left_notes}

    keep = [one.file.fileno() for one in closed]
    try:
        answer = guarded.call(work, stager.into, keep, bounds)
    except guarded.Exhausted as error:
        raise SubmissionError(
            f"{shown(name)}: unpacking it {error}; hand in the programs alone"
        ) from error
    if "refused" in answer:
        raise SubmissionError(answer["refused"])
    stager.notes, stager.left_notes = answer["notes"], answer["left"]


def _unpack(stager: _Stager, one: _Closed, below: PurePosixPath) -> None:
    from grader import unpack

    take = unpack.zip_members if one.kind == "zip" else unpack.tar_members
    try:
        for member in take(one.file, stager.note, 4 * stager.most_members):
            with member.open() as source:
                stager.write(below / member.path, source, member.mode, member.mtime)
    except (SubmissionError, MemoryError):
        raise
    except unpack.Unsafe as error:
        raise SubmissionError(f"{shown(one.name)}: {error}") from error
    except Exception as error:  # pylint: disable=broad-except
        # The library raises nearly anything where an archive is damaged.
        _raise_ours(error)
        why = _cut(str(error).split("\n")[0].rstrip(":")) or type(error).__name__
        raise SubmissionError(
            f"{shown(one.name)}: cannot be unpacked ({why});"
            " make the archive again and check that it opens"
        ) from error


def _archives_in(stager: _Stager) -> List[Tuple[str, str]]:
    """Name and kind of the archives that were handed in within a folder,
    where no source that lies open speaks of sockets: a topology beside
    PA3.zip is not what was meant."""
    names = list(tree.files(stager.into))
    if any(_speaks_of_sockets(stager.into / name) for name in names):
        return []
    kinds = [(name, kind_of(stager.into / name)) for name in names]
    return [(name, kind) for name, kind in kinds if kind]


def _unpack_inner(stager: _Stager) -> None:
    for _ in range(MAX_NESTING):
        found = _archives_in(stager)
        for name, kind in found:
            path = PurePosixPath(name)
            below = path.parent / (path.name.split(".")[0] or "in")
            with open(stager.into / name, "rb") as file:
                (stager.into / name).unlink()
                stager.note(f"{_cut(name)}: unpacked")
                _unpack(stager, _Closed(file, path.name, kind), below)
        if not found:
            return


def _speaks_of_sockets(path: Path) -> bool:
    if path.suffix.lower() not in SOURCES:
        return False
    with open(path, "rb") as file:
        start = file.read(1 << 16).replace(b"\0", b"")  # it may be UTF-16
    return bool(_OF_SOCKETS.search(start))


def _remove_environments(stager: _Stager) -> None:
    """A virtual environment of any name, which came in an archive."""
    for path in list(tree.files(stager.into)):
        folder, name = os.path.split(path)
        if name == "pyvenv.cfg" and folder:
            tree.remove(stager.into / folder)
            stager.note(f"{shown(folder)}: left out (a virtual environment)")
