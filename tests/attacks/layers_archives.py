"""The layers that stop a hostile archive, and how each is taken off."""

from __future__ import annotations

import os
import tarfile
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any, Callable, Dict

from grader import archive, guarded, unpack


def _no_names() -> None:
    unpack.safe_path = PurePosixPath  # type: ignore[assignment]


def _no_child() -> None:
    """Unpack in the grader itself: no limits, and with all its rights."""

    def call(
        work: Callable[[], Any], folder: Path, _keep: Any, _bounds: Any
    ) -> Any:
        before = os.getcwd()
        os.chdir(str(folder))
        try:
            return work()
        finally:
            os.chdir(before)

    setattr(guarded, "call", call)


def _no_plain_files() -> None:
    """Unpack as the library does, and links as unzip makes them."""

    def unpacked(stager: Any, one: Any, _below: PurePosixPath) -> None:
        if one.kind == "tar":
            with tarfile.open(fileobj=one.file) as packed:
                for member in packed:
                    packed.extract(member, str(stager.into))
            return
        with zipfile.ZipFile(one.file) as zipped:
            for info in zipped.infolist():
                target = stager.into / info.filename
                if info.external_attr >> 28 == 0o12:
                    target.symlink_to(zipped.read(info).decode())
                else:
                    target.write_bytes(zipped.read(info))

    setattr(archive, "_unpack", unpacked)


def _no_counts() -> None:
    archive.MAX_BYTES = archive.MAX_MEMBERS = 1 << 50
    unpack.MAX_READ = 1 << 50


def _no_library_check() -> None:
    """Newer libraries refuse overlapping members by themselves."""
    usual = zipfile.ZipFile._RealGetContents  # type: ignore[attr-defined]

    def contents(self: zipfile.ZipFile) -> None:
        usual(self)
        for info in self.filelist:
            setattr(info, "_end_offset", None)

    setattr(zipfile.ZipFile, "_RealGetContents", contents)


def _no_nesting() -> None:
    archive.MAX_NESTING = 100


def _no_list() -> None:
    unpack._LIST_BYTES_PER_ENTRY = 1 << 30


def _no_notes() -> None:
    archive._MOST_NOTES = 1 << 30


def _no_errors() -> None:
    """Let what the library raises through."""

    def unpacked(stager: Any, one: Any, below: PurePosixPath) -> None:
        take = unpack.zip_members if one.kind == "zip" else unpack.tar_members
        for member in take(one.file, stager.note, 1 << 20):
            with member.open() as source:
                stager.write(below / member.path, source, member.mode, 0.0)

    setattr(archive, "_unpack", unpacked)


LAYERS: Dict[str, Callable[[], None]] = {
    "archive-names": _no_names,
    "archive-child": _no_child,
    "archive-plain-files": _no_plain_files,
    "archive-counts": _no_counts,
    "library-overlaps": _no_library_check,
    "archive-nesting": _no_nesting,
    "archive-list": _no_list,
    "archive-notes": _no_notes,
    "archive-errors": _no_errors,
}
