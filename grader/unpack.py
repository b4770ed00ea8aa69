"""Which members of an archive may be unpacked, and under what names?

Reads zip and tar through the standard library and yields plain files alone.
A name that leads out of the archive, a link out of it, a device or a FIFO is
left out with a note. Writing is the caller's, and so is a bound in memory and
time (grader/guarded.py): the library reads some parts whole.
"""

from __future__ import annotations

import io
import os
import stat
import tarfile
import time
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Callable, Dict, Iterator, List, Optional

from grader import tree

#: A zip entry that unpacks to more than this for each of its bytes is a bomb.
MAX_RATIO = 2000
#: A compressed tar has to be read through, also what is left out of it.
MAX_READ = 1024 * 1024 * 1024
#: The list of a zip is read whole before its entries can be counted.
_LIST_BYTES_PER_ENTRY = 512
#: Letters of a name in a note.
_LONGEST = 200

_Note = Callable[[str], None]


class Unsafe(Exception):
    """The archive as a whole is not to be touched."""


@dataclass(frozen=True)
class Member:
    """One plain file of an archive."""

    path: PurePosixPath
    mode: int
    mtime: float
    open: Callable[[], IO[bytes]]


def safe_path(name: str) -> Optional[PurePosixPath]:
    """The name as a path inside the archive; None if it leads outside."""
    if "\0" in name or name.startswith(("/", "\\")) or name[1:3] == ":\\":
        return None
    if "/" not in name:
        name = name.replace("\\", "/")  # zipped on Windows, by an old tool
    path = PurePosixPath(os.path.normpath(name))
    if ".." in path.parts or path == PurePosixPath("."):
        return None
    return path if len(path.parts) < tree.MAX_DEPTH else None


class _Bounded(io.BufferedReader):
    """A file of which nothing large is read at once."""

    most = 0

    def read(self, size: Optional[int] = -1, /) -> bytes:
        if size is not None and size > self.most:
            raise Unsafe(f"has too many entries (a list of {size >> 10} KiB)")
        return super().read(size)


def zip_members(file: IO[bytes], note: _Note, most: int) -> Iterator[Member]:
    """The plain files of a zip archive of at most so many entries."""
    with io.FileIO(file.fileno(), closefd=False) as raw:
        bounded = _Bounded(raw)
        bounded.most = most * _LIST_BYTES_PER_ENTRY
        with zipfile.ZipFile(bounded) as archive:
            infos = archive.infolist()
            if len(infos) > most:
                raise Unsafe(f"has more than {most} entries")
            yield from _zip_members(archive, infos, note)


def _zip_members(
    archive: zipfile.ZipFile, infos: List[zipfile.ZipInfo], note: _Note
) -> Iterator[Member]:
    for info in infos:
        name = _zip_name(info)
        kind = stat.S_IFMT(info.external_attr >> 16)
        path = safe_path(name)
        if info.is_dir() or name.endswith("\\"):
            continue
        if path is None or kind not in (0, stat.S_IFREG):
            note(f"{_plain(name)}: left out of the archive (not a plain file"
                 " inside it)")
            continue
        if info.flag_bits & 1:
            raise Unsafe("is locked with a password; hand it in without one")
        if info.file_size > MAX_RATIO * max(1, info.compress_size):
            raise Unsafe(f"{_plain(name)} unpacks to {info.file_size} bytes")
        yield Member(
            path, info.external_attr >> 16, _zip_time(info),
            lambda info=info: archive.open(info),  # type: ignore[misc]
        )


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are mostly UTF-8 all the same."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _zip_time(info: zipfile.ZipInfo) -> float:
    try:
        return time.mktime((*info.date_time, 0, 0, -1))
    except (ValueError, OverflowError):
        return 0.0


def tar_members(file: IO[bytes], note: _Note, most: int) -> Iterator[Member]:
    """The plain files of a tar archive of at most so many entries; a link to
    one becomes that file."""
    with tarfile.open(fileobj=file) as archive:
        yield from _tar_members(archive, note, most)


def _tar_members(
    archive: tarfile.TarFile, note: _Note, most: int
) -> Iterator[Member]:
    files: Dict[PurePosixPath, tarfile.TarInfo] = {}
    links: List[tarfile.TarInfo] = []
    read = 0
    for number, info in enumerate(archive):
        if number >= most:
            raise Unsafe(f"has more than {most} entries")
        read += info.size
        if read > MAX_READ:
            raise Unsafe(f"unpacks to more than {MAX_READ >> 20} MiB")
        path = safe_path(info.name)
        if info.isdir():
            continue
        if path is not None and info.isfile():
            files[path] = info
            yield _tar_member(archive, path, info)
        elif path is not None and (info.issym() or info.islnk()):
            links.append(info)
        else:
            note(f"{_plain(info.name)}: left out of the archive (not a plain"
                 " file inside it)")
    for info in links:
        path, target = safe_path(info.name), _link_target(info)
        if path is not None and target in files:
            yield _tar_member(archive, path, files[target])
        else:
            note(f"{_plain(info.name)}: left out of the archive (a link that"
                 " leads nowhere inside it)")


def _tar_member(
    archive: tarfile.TarFile, path: PurePosixPath, info: tarfile.TarInfo
) -> Member:
    def open_it() -> IO[bytes]:
        source = archive.extractfile(info)
        if source is None:
            raise tarfile.ReadError(f"{_plain(info.name)} has no content")
        return source

    return Member(path, info.mode, float(info.mtime), open_it)


def _link_target(info: tarfile.TarInfo) -> PurePosixPath:
    """Hard links name a member from the top, symbolic ones from beside."""
    start = os.path.dirname(info.name) if info.issym() else ""
    target = safe_path(os.path.join(start, info.linkname))
    return target if target is not None else PurePosixPath(".")


def _plain(name: str) -> str:
    return ascii(name[:_LONGEST])[1:-1] + ("..." if len(name) > _LONGEST else "")
