"""Which namespaces does an arena have, and who is who inside?

As a user: that user is root inside, and nobody else exists. As root: root
and nobody exist, so that programs can be run without root's files. Root on a
machine without user namespaces does without them.
"""

from __future__ import annotations

import os
from pathlib import Path

from grader import linux

#: What a student's program may be run as when the grader is root.
NOBODY = 65534

_NAMESPACES = (
    linux.CLONE_NEWNET
    | linux.CLONE_NEWNS
    | linux.CLONE_NEWIPC
    | linux.CLONE_NEWUTS
    | linux.CLONE_NEWPID
)

#: Where the tools are that only root is expected to use.
SYSTEM_FOLDERS = "/usr/local/sbin:/usr/sbin:/sbin"


def enter() -> bool:
    """Leave the outer namespaces. Says whether users are among them."""
    uid, gid = os.geteuid(), os.getegid()
    try:
        linux.unshare(linux.CLONE_NEWUSER | _NAMESPACES)
    except OSError:
        if uid != 0:
            raise
        # Root may do without; what is lost is one wall, not the walls.
        linux.unshare(_NAMESPACES)
        return False
    if uid != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text("0 %d 1\n" % uid)
        Path("/proc/self/gid_map").write_text("0 %d 1\n" % gid)
    return True


def map_as_root(keeper: int) -> None:
    """Give an arena of root's two users: root and nobody.

    The keeper cannot map a second user by its own strength.
    """
    inside = os.readlink("/proc/%d/ns/user" % keeper)
    if inside == os.readlink("/proc/self/ns/user"):
        return  # made without a user namespace
    for name in ("uid_map", "gid_map"):
        path = Path("/proc/%d" % keeper) / name
        try:
            path.write_text("0 0 1\n%d %d 1\n" % (NOBODY, NOBODY))
        except OSError:
            path.write_text("0 0 1\n")  # a container may have no nobody


def remedy(settings: Path = Path("/proc/sys")) -> str:
    """The command against the first setting that forbids user namespaces."""
    for name, forbids, allows in (
        ("kernel/unprivileged_userns_clone", "0", "1"),
        ("user/max_user_namespaces", "0", "16384"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "0"),
    ):
        path = settings / name
        if path.exists() and path.read_text().strip() == forbids:
            return "sudo sysctl -w %s=%s" % (name.replace("/", "."), allows)
    return "run the grader with sudo"
