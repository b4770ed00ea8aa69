"""How does what someone handed in become a folder that we may work in?

A folder, some files, one file, a zip or a tar all end as plain files and
folders below one private folder: no links, no devices, names in UTF-8,
bounded in number and size. Nothing here knows what the files mean.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import stat
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Iterator, List, Sequence, Tuple, Union

from grader import tree

#: No hand-in of a network lab comes near these.
MAX_MEMBERS = 5000
MAX_BYTES = 256 * 1024 * 1024
#: An archive in an archive is what an LMS makes; deeper is an attack.
MAX_NESTING = 2

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
    for path in paths:
        _take(stager, path)
    _unpack_inner(stager)
    _remove_environments(stager)
    return Staged(into, _name_of(paths), tuple(stager.notes))


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
    _unpack(stager, archive, kind, PurePosixPath("."))
    return Staged(into, stem(archive), tuple(stager.notes))


def shown(name: str) -> str:
    """A name as it can be printed, whatever its bytes are."""
    plain = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in plain)


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


def _take(stager: _Stager, path: Path) -> None:
    try:
        if path.is_dir():
            stager.copy_folder(path)
        elif path.is_file():
            kind = kind_of(path)
            if kind:
                _unpack(stager, path, kind, PurePosixPath("."))
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
        self._most_bytes = size or MAX_BYTES
        self.notes: List[str] = []
        self._members = 0
        self._bytes = 0

    def note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)

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
        if self._bytes > self._most_bytes:
            raise SubmissionError(
                f"the submission is larger than {self._most_bytes >> 20} MiB; "
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
            os.utime(target, (mtime, mtime))
        except (OSError, OverflowError, ValueError) as error:
            _raise_ours(error)
            self.note(f"{shown(str(relative))}: left out ({error})")

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


def _unpack(
    stager: _Stager, path: Path, kind: str, below: PurePosixPath
) -> None:
    import tarfile  # slow to import, and seldom needed
    import zipfile

    from grader import unpack

    try:
        with contextlib.ExitStack() as stack:
            members: Iterator[unpack.Member]
            if kind == "zip":
                members = unpack.zip_members(
                    stack.enter_context(zipfile.ZipFile(path)),
                    stager.note, 4 * stager.most_members,
                )
            else:
                members = unpack.tar_members(
                    stack.enter_context(tarfile.open(path)),
                    stager.note, 4 * stager.most_members,
                )
            for one in members:
                with one.open() as source:
                    stager.write(below / one.path, source, one.mode, one.mtime)
    except unpack.Unsafe as error:
        raise SubmissionError(f"{shown(path.name)}: {error}") from error
    except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError,
            RuntimeError, NotImplementedError, ValueError, OSError) as error:
        _raise_ours(error)
        raise SubmissionError(
            f"{shown(path.name)}: cannot be unpacked ({error});"
            " make the archive again and check that it opens"
        ) from error


def _unpack_inner(stager: _Stager) -> None:
    """Archives handed in within a folder, where no source that lies open
    speaks of sockets: a topology beside PA3.zip is not what was meant."""
    for _ in range(MAX_NESTING):
        files = [stager.into / path for path in tree.files(stager.into)]
        if any(_speaks_of_sockets(path) for path in files):
            return
        archives = [(path, kind_of(path)) for path in files]
        found = [(path, kind) for path, kind in archives if kind]
        for path, kind in found:
            below = path.relative_to(stager.into)
            inner = PurePosixPath(below.parent, path.name.split(".")[0] or "in")
            aside = stager.into.parent / f"{stager.into.name}.inner"
            shutil.move(str(path), str(aside))
            try:
                stager.note(f"{shown(str(below))}: unpacked")
                _unpack(stager, aside, kind, inner)
            finally:
                aside.unlink()
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
