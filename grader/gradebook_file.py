"""How is a gradebook's file opened, and an older one brought up?

A step from one version of the schema to the next is one transaction: who is
killed in the middle leaves the version before. Any number of processes may
have the file open; those that write wait for each other.
"""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import Iterator

from grader.gradebook_model import GradebookError
from grader.gradebook_schema import APPLICATION, STEPS

# Shared memory between processes, which WAL needs, does not work there.
_NETWORKED = (
    "nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "lustre",
    "fuse.sshfs", "vboxsf", "prl_fs", "fuse.vmhgfs-fuse", "virtiofs",
)  # fmt: skip


def connect(path: Path, create: bool, busy_s: float) -> sqlite3.Connection:
    """Open a gradebook, and bring it up to the newest version.

    A writer that finds another one at work waits up to `busy_s` seconds.
    Raises GradebookError where there is none, or something else.
    """
    if create:
        # Marks are nobody else's business: for the owner alone at first.
        os.close(os.open(str(path), os.O_CREAT | os.O_RDWR, 0o600))
    elif not path.is_file():
        raise GradebookError("no gradebook at %s" % path)
    db = sqlite3.connect(str(path), timeout=busy_s, isolation_level=None)
    try:
        return _opened(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        if os.access(str(path.parent), os.W_OK):
            raise GradebookError("%s: %s" % (path, error)) from error
        return _frozen(path)
    except BaseException:
        db.close()
        raise


def _opened(db: sqlite3.Connection, path: Path) -> sqlite3.Connection:
    db.row_factory = sqlite3.Row
    try:
        db.execute("PRAGMA foreign_keys = ON")
        # A committed mark survives a power cut.
        db.execute("PRAGMA synchronous = FULL")
        _bring_up(db, path)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise GradebookError("%s is no gradebook: %s" % (path, error)) from error
    _use_wal(db, path)
    return db


def _frozen(path: Path) -> sqlite3.Connection:
    """Read a gradebook in a folder that nothing can be written to."""
    wal = path.with_name(path.name + "-wal")
    if wal.exists() and wal.stat().st_size:
        raise GradebookError(
            "%s: its newest entries are still in %s, and need a folder that"
            " can be written to" % (path, wal.name)
        )
    db = sqlite3.connect(
        path.resolve().as_uri() + "?mode=ro&immutable=1",
        uri=True,
        isolation_level=None,
    )
    try:
        return _opened(db, path)
    except sqlite3.OperationalError as error:
        db.close()
        raise GradebookError("%s: %s" % (path, error)) from error


def _bring_up(db: sqlite3.Connection, path: Path) -> None:
    if _version(db, path) == len(STEPS):
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have done it while we waited.
        for version in range(_version(db, path), len(STEPS)):
            for statement in _statements(STEPS[version]):
                db.execute(statement)
            db.execute("PRAGMA user_version = %d" % (version + 1))
        db.execute("PRAGMA application_id = %d" % APPLICATION)
        db.execute("COMMIT")
    except BaseException:
        if db.in_transaction:
            db.execute("ROLLBACK")
        raise


def _version(db: sqlite3.Connection, path: Path) -> int:
    """The version of a gradebook; 0 for an empty file."""
    # In one transaction: another process may be making it just now.
    inside = db.in_transaction
    if not inside:
        db.execute("BEGIN")
    try:
        empty = not db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        version: int = db.execute("PRAGMA user_version").fetchone()[0]
        ours = db.execute("PRAGMA application_id").fetchone()[0] == APPLICATION
    finally:
        if not inside:
            db.execute("COMMIT")
    if not ours and not (empty and version == 0):
        raise GradebookError(
            "%s is a database of something else, and no gradebook" % path
        )
    if version > len(STEPS):
        raise GradebookError(
            "%s was written by a newer mngrade (version %d of the schema, and"
            " this one knows %d)" % (path, version, len(STEPS))
        )
    return version


def _statements(script: str) -> Iterator[str]:
    """One after the other: `executescript` would commit in between."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError("an unfinished statement: " + statement)


def _use_wal(db: sqlite3.Connection, path: Path) -> None:
    """Let readers and one writer work side by side, where that is safe."""
    mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    if mode == "wal" or _filesystem(path) in _NETWORKED:
        return
    try:
        db.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError:
        pass  # somebody is writing, or it cannot be: the other mode is as safe


def _filesystem(path: Path) -> str:
    """The type of the file system that a path is on, "" if unknown."""
    place = os.path.realpath(str(path))
    best, kind = "", ""
    try:
        with open("/proc/self/mounts", encoding="utf-8", errors="replace") as f:
            for line in f:
                _device, mount, its = line.split(" ")[:3]
                mount = mount.replace("\\040", " ")
                inside = place.startswith(mount.rstrip("/") + "/")
                if inside and len(mount) >= len(best):
                    best, kind = mount, its
    except OSError:
        return ""
    return kind
