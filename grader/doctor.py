"""What does this machine lack for grading, and which command mends it?

Looks and tells; installs nothing, prints nothing, and works where half of
the machine is missing: nothing that it looks for is imported.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import List, Optional, Tuple

from grader import arena, cgroups, links, namespaces, sandbox

#: The oldest Python that the grader runs on.
OLDEST = (3, 8)
#: Where Debian's and Ubuntu's Mininet package puts itself.
SYSTEM_PYTHON = "/usr/bin/python3"
_MIB = 1 << 20
_ROOM = 512 * _MIB

_BUILD = Path(__file__).resolve().parent.parent / "build" / "bin"

# program, Debian package, what it is for; the last ones only some labs need
_NEEDED = (
    ("bwrap", "bubblewrap", "shuts student programs in"),
    ("ip", "iproute2", "used by Mininet"),
    ("ifconfig", "net-tools", "used by Mininet"),
    ("mnexec", "mininet", "runs a command on a Mininet host"),
    ("nft", "nftables", "leads clients to the server"),
    ("cc", "gcc", "builds the instrument and submissions in C"),
    ("make", "make", "builds the instrument and submissions in C"),
)
_OPTIONAL = (
    ("javac", "default-jdk-headless", "submissions in Java"),
    ("node", "nodejs", "submissions in JavaScript"),
    ("g++", "g++", "submissions in C++"),
    ("ovs-vswitchd", "openvswitch-switch", "the ovs switch"),
    ("tmux", "tmux", "mngrade play"),
    ("tcpdump", "tcpdump", "mngrade play --capture"),
    ("sim_text", "similarity-tester", "sources that are alike, in a class"),
)
#: Modules of Python that some commands need.
_MODULES = (
    ("jinja2", "python3-jinja2", "--html, mngrade batch"),
    ("openpyxl", "python3-openpyxl", "mngrade gradebook export --format xlsx"),
    ("flask", "python3-flask", "mngrade gradebook review"),
    ("waitress", "python3-waitress", "mngrade gradebook review"),
)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at.

    `mend` is a command for a shell, or a sentence; empty where all is well.
    Where `needed` is false, grading works without.
    """

    ok: bool
    what: str
    mend: str = ""
    needed: bool = True


def diagnose(build: Path = _BUILD) -> List[Finding]:
    """Everything that was looked at, in the order in which to mend it."""
    findings = [_python(), _mininet()]
    findings += [_program(entry, True) for entry in _NEEDED]
    findings += [_labrun(build), _namespaces(), _user(), _limits(), _room()]
    findings += [_program(entry, False) for entry in _OPTIONAL]
    findings += [_module(entry) for entry in _MODULES] + [_netem()]
    return findings


def find_program(name: str) -> Optional[str]:
    """Like `which`, but also where only root's PATH leads."""
    path = os.environ.get("PATH", os.defpath) + ":" + namespaces.SYSTEM_FOLDERS
    return shutil.which(name, path=path)


def _python(version: Tuple[int, ...] = sys.version_info[:3]) -> Finding:
    number = ".".join(str(part) for part in version)
    if tuple(version[:2]) >= OLDEST:
        return Finding(True, "Python %s" % number)
    oldest = ".".join(str(part) for part in OLDEST)
    return Finding(
        False,
        "Python %s is older than %s" % (number, oldest),
        "run the grader with a newer Python",
    )


def _mininet() -> Finding:
    if importlib.util.find_spec("mininet") is not None:
        return Finding(True, "Mininet, for %s" % sys.executable)
    package = Path("/usr/lib/python3/dist-packages/mininet")
    if package.is_dir() and Path(sys.executable) != Path(SYSTEM_PYTHON):
        return Finding(
            False,
            "Mininet is not installed for %s" % sys.executable,
            "run the grader with %s" % SYSTEM_PYTHON,
        )
    return Finding(
        False,
        "Mininet is not installed for %s" % sys.executable,
        _install("mininet"),
    )


def _install(package: str) -> str:
    return "sudo apt-get install -y --no-install-recommends " + package


def _program(entry: Tuple[str, str, str], needed: bool) -> Finding:
    name, package, purpose = entry
    found = find_program(name)
    if found:
        return Finding(True, "%s (%s)" % (name, found), "", needed)
    what = "%s is missing (%s)" % (name, purpose)
    return Finding(False, what, _install(package), needed)


def _module(entry: Tuple[str, str, str]) -> Finding:
    name, package, purpose = entry
    if importlib.util.find_spec(name):
        return Finding(True, "%s for Python" % name, "", False)
    what = "%s for Python is missing (%s)" % (name, purpose)
    return Finding(False, what, _install(package), False)


def _netem() -> Finding:
    """The kernel loads it by itself where it may, also for an ordinary user
    who asks in a namespace of their own."""
    why = links.why_no_netem()
    if not why:
        return Finding(True, "netem (links that are slow or lose packets)", "", False)
    modules = Path("/lib/modules") / os.uname().release
    there = any(modules.glob("kernel/net/sched/sch_netem.ko*"))
    mend = "sudo modprobe sch_netem" if there else (
        "boot a kernel that has it; Debian's own do: " + _install("linux-image-amd64")
    )  # fmt: skip
    return Finding(False, why, mend, False)


def _labrun(build: Path) -> Finding:
    labrun = build / "labrun"
    if os.access(str(labrun), os.X_OK):
        return Finding(True, "labrun (%s)" % labrun)
    command = "make -C %s build" % build.parent.parent
    return Finding(False, "labrun is not built", command)


def _namespaces() -> Finding:
    why = arena.possible()
    if why is None:
        user = "root" if os.geteuid() == 0 else "this user"
        return Finding(True, "namespaces, as %s" % user)
    return Finding(False, "no namespaces: " + why, namespaces.remedy())


def _user() -> Finding:
    why = sandbox.concern()
    if why:
        return Finding(False, why, "useradd -m grader, and su grader", False)
    who = "nobody" if sandbox.can_drop() else "this user, in a namespace"
    return Finding(True, "programs run as %s" % who)


def _limits() -> Finding:
    """What bounds a program that takes all memory or all processes."""
    place = cgroups.find()
    if place.version:
        return Finding(True, "limits of whole programs: " + place.words)
    mend = "run the grader as root"
    if os.geteuid() != 0:
        mend = "systemd-run --user --scope -p Delegate=yes mngrade ... or sudo"
    return Finding(False, place.words, mend, needed=False)


def _room(folder: Optional[str] = None) -> Finding:
    folder = folder or tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    what = "%d MiB free in %s" % (free // _MIB, folder)
    if free >= _ROOM:
        return Finding(True, what)
    mend = "free %d MiB there, or set TMPDIR" % (_ROOM // _MIB)
    return Finding(False, what, mend)
