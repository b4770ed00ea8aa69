"""Where are submissions staged and built, and who clears that up?

A workspace is a directory below the system's temporary one. It is gone when
the grader is gone, however it went: a small janitor process waits for the
end of a pipe whose other end only the grader holds, and then removes the
tree. Should the whole machine have gone, the next grader sweeps: a workspace
that nobody locks is nobody's.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Optional, Type

_PREFIX = "mngrade-"

# A submission may leave folders behind that its owner may not enter, and
# trees deeper than Python's recursion: so rm, and chmod only where it failed.
_REMOVE = (
    'rm -rf -- "$1" 2>/dev/null'
    ' || { chmod -R u+rwx -- "$1"; rm -rf -- "$1"; } 2>/dev/null'
)
# A killed grader's programs may still be ending: a cgroup goes when it is
# empty. Its list is there only where groups were made.
_UNGROUP = (
    'if [ -f "$1/cgroups" ]; then while read -r group; do n=0;'
    ' while [ -d "$group" ] && [ $n -lt 200 ]; do'
    ' rmdir "$group"/*/ "$group" 2>/dev/null; [ -d "$group" ] && sleep 0.05;'
    " n=$((n+1)); done;"
    ' done < "$1/cgroups"; fi; '
)
# `read` returns at the end of the pipe, and not before: nothing is written.
_JANITOR = "read -r _; " + _UNGROUP + _REMOVE


class Workspace:
    """A directory for one run of the grader; use it in a `with`."""

    def __init__(self, parent: Optional[Path] = None) -> None:
        self._parent = parent or Path(tempfile.gettempdir())
        self._lock = -1
        self._pipe = -1
        self._janitor: Optional["subprocess.Popen[bytes]"] = None

    def __enter__(self) -> Path:
        sweep(self._parent)
        path = self._make()
        try:
            self._hire(path)
            # Root's arenas run programs as nobody, who must pass through.
            path.chmod(0o711 if os.geteuid() == 0 else 0o700)
        except BaseException:
            self._close()
            remove(path)
            raise
        return path

    def __exit__(
        self,
        kind: Optional[Type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        self._close()

    def _make(self) -> Path:
        while True:
            path = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=str(self._parent)))
            try:
                self._lock = os.open(str(path), os.O_RDONLY | os.O_DIRECTORY)
            except FileNotFoundError:
                continue  # another grader swept at once
            fcntl.flock(self._lock, fcntl.LOCK_EX)
            if path.exists():
                return path
            os.close(self._lock)  # ... or between the two lines

    def _hire(self, path: Path) -> None:
        read, self._pipe = os.pipe()
        try:
            self._janitor = subprocess.Popen(
                ["/bin/sh", "-c", _JANITOR, "mngrade-janitor", str(path)],
                stdin=read,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd="/",
                start_new_session=True,  # Ctrl-C is not for the janitor
            )
        finally:
            os.close(read)

    def _close(self) -> None:
        """Let the janitor do its work; returns when the tree is gone."""
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        if self._janitor is not None:
            self._janitor.wait()
            self._janitor = None
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1


def remove(path: Path) -> None:
    """Remove a tree, whatever a submission did to its permissions."""
    subprocess.run(["/bin/sh", "-c", _REMOVE, "rm", str(path)], check=False)


def sweep(parent: Path) -> None:
    """Remove the workspaces of graders that are dead."""
    for path in parent.glob(_PREFIX + "*"):
        try:
            lock = os.open(
                str(path), os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
            )
        except OSError:
            continue  # not ours, or just swept
        try:
            if os.fstat(lock).st_uid == os.geteuid():
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                remove(path)
        except BlockingIOError:
            pass  # its grader lives
        finally:
            os.close(lock)
