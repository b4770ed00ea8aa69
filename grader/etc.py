"""What must /etc hold for a program that may see almost nothing of it?

A folder is made that takes the place of the whole of /etc: enough to find
libraries, to have a name and a home, and to resolve names from files alone.
"""

from __future__ import annotations

import functools
import os
import shutil
import tempfile
from pathlib import Path
from typing import Tuple

HOME = "/home/student"
#: Who a program is inside its own user namespace.
INSIDE_ID = 1000
#: Who builds, where we are root on the machine itself.
NOBODY = 65534

_NAME = "sandbox-etc"
_FILES = {
    "passwd": "root:x:0:0:root:/root:/usr/sbin/nologin\n"
    f"student:x:{INSIDE_ID}:{INSIDE_ID}:student:{HOME}:/bin/sh\n"
    f"nobody:x:{NOBODY}:{NOBODY}:nobody:{HOME}:/usr/sbin/nologin\n",
    "group": f"root:x:0:\nstudent:x:{INSIDE_ID}:\nnogroup:x:{NOBODY}:\n",
    # Names come from files only: a query would leave the lab, and wait.
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n"
    "networks: files\nprotocols: files\nservices: files\n",
    "resolv.conf": "",
    "hosts": "127.0.0.1 localhost\n::1 localhost\n",
}


@functools.lru_cache(maxsize=None)
def system_folders() -> Tuple[str, ...]:
    """Folders of the real /etc that programs cannot do without."""
    java = sorted(str(path) for path in Path("/etc").glob("java-*"))
    wanted = ["/etc/alternatives", *java]
    return tuple(path for path in wanted if os.path.isdir(path))


def make_folder(beside: Path) -> Path:
    """The folder, made in `beside` on first use.

    It has an empty place for each of `system_folders`. It is made complete
    under another name and then renamed: workers that share a run's folder
    never see half of it.
    """
    final = beside / _NAME
    if final.is_dir():
        return final
    fresh = Path(tempfile.mkdtemp(prefix="etc-", dir=str(beside)))
    for name, text in _FILES.items():
        (fresh / name).write_text(text, encoding="ascii")
    if os.path.exists("/etc/ld.so.cache"):
        shutil.copyfile("/etc/ld.so.cache", str(fresh / "ld.so.cache"))
    for path in system_folders():
        (fresh / os.path.basename(path)).mkdir()
    for made in (fresh, *fresh.iterdir()):
        made.chmod(0o755 if made.is_dir() else 0o644)
    try:
        fresh.rename(final)
    except OSError:
        # Somebody else was first; a folder that is full is never replaced.
        shutil.rmtree(str(fresh))
    return final
