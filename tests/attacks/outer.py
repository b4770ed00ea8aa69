"""What protects the machine while an attack is tried?

The stage is started here: in new namespaces, below a limit on memory and
processes, and with a bound in time after which all of it is killed. This is
the tests' own wall and no part of the defence that is tested: it holds when
that one is taken off.
"""

from __future__ import annotations

import contextlib
import ctypes
import itertools
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Sequence

REPO = Path(__file__).resolve().parent.parent.parent
CGROUPS = Path("/sys/fs/cgroup")
#: Far more than two gradings need, far less than hurts a machine.
MOST_BYTES = 2 << 30
DISK_BYTES = 1 << 30
MOST_PROCESSES = 2500
#: Seconds beyond the attack's own bound in which a stage must have ended.
GRACE_S = 120.0
_NAMESPACES = ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc",
               "--mount", "--net", "--ipc"]  # fmt: skip
_PR_SET_PDEATHSIG = 1
_numbers = itertools.count()


class StageFault(Exception):
    """The stage itself failed: nothing was learned of the attack."""


def run_stage(
    attack: Optional[Path],
    who: str,
    bound_s: float,
    layers: Sequence[str] = (),
    innocent: bool = True,
) -> Dict[str, Any]:
    """Play one attack (None: the innocent submission alone)."""
    real_root = os.geteuid() == 0
    with limits() as cgroups, disk() as folder:
        asked = json.dumps({
            "attack": str(attack) if attack else None, "who": who,
            "layers": list(layers), "innocent": innocent, "disk": folder,
            "disk_bytes": DISK_BYTES, "real_root": real_root,
            "cgroups": cgroups,
        })  # fmt: skip
        user = [] if real_root else ["--user", "--map-root-user"]
        argv = [*_NAMESPACES, *user, sys.executable, "-m",
                "tests.attacks.stage", asked]  # fmt: skip
        return _ended(argv, bound_s + GRACE_S, cgroups)


def _ended(argv: List[str], bound_s: float, cgroups: List[str]) -> Dict[str, Any]:
    env = {k: os.environ[k] for k in ("PATH", "LANG", "MNGRADE_BIN") if k in os.environ}
    env.update(PYTHONPATH=str(REPO), PYTHONDONTWRITEBYTECODE="1")
    process = subprocess.Popen(
        argv, cwd=str(REPO), env=env, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: _enter(cgroups), start_new_session=True,
    )  # fmt: skip
    try:
        out, err = process.communicate(timeout=bound_s)
    except subprocess.TimeoutExpired as late:
        process.kill()  # and with it process 1 of the stage, and so all of it
        process.communicate()
        raise StageFault("the stage did not end in %g s" % bound_s) from late
    if process.returncode != 0:
        raise StageFault(err.decode("utf-8", "replace")[-2000:])
    told: Dict[str, Any] = json.loads(out)
    return told


@contextlib.contextmanager
def disk() -> Iterator[str]:
    """Where the stage mounts a disk of its own; nothing outside sees it."""
    folder = tempfile.mkdtemp(prefix="attack-")
    os.chmod(folder, 0o755)
    try:
        yield folder
    finally:
        os.rmdir(folder)


# ---- cgroups where they can be had, else limits of each process ---------------


@contextlib.contextmanager
def limits() -> Iterator[List[str]]:
    """The cgroups that the stage is to enter; none where there are none."""
    name = "mngrade-attack-%d-%d" % (os.getpid(), next(_numbers))
    made: List[str] = []
    try:
        for folder, values in _wanted():
            place = folder / name
            try:
                place.mkdir()
                made.append(str(place))
                for file, value in values.items():
                    (place / file).write_text("%d\n" % value)
            except OSError:
                if str(place) in made:
                    made.remove(str(place))
                    os.rmdir(str(place))
        yield made
    finally:
        for entered in made:
            _remove(Path(entered))


def _wanted() -> List["tuple[Path, Dict[str, int]]"]:
    if os.geteuid() != 0:
        return []
    if (CGROUPS / "cgroup.controllers").exists():
        return [(CGROUPS, {"memory.max": MOST_BYTES, "memory.swap.max": 0,
                           "pids.max": MOST_PROCESSES})]  # fmt: skip
    return [
        (CGROUPS / "memory", {"memory.limit_in_bytes": MOST_BYTES}),
        (CGROUPS / "pids", {"pids.max": MOST_PROCESSES}),
    ]


def have_cgroups() -> bool:
    """Can this machine bound memory and processes of many together?"""
    with limits() as made:
        return bool(made)


def _remove(place: Path) -> None:
    for folder, _folders, _files in os.walk(str(place), topdown=False):
        for _ in range(200):
            try:
                os.rmdir(folder)
                break
            except OSError:  # its last processes are still being buried
                subprocess.run(["sleep", "0.05"], check=False)


def _enter(cgroups: List[str]) -> None:
    """In the child, before it becomes the stage."""
    # Should the tests be killed, the stage goes with them.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    for place in cgroups:
        with open(os.path.join(place, "cgroup.procs"), "w", encoding="ascii") as file:
            file.write("0\n")
    if not cgroups:
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
        if os.geteuid() != 0:
            most = MOST_PROCESSES
            hard = resource.getrlimit(resource.RLIMIT_NPROC)[1]
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(resource.RLIMIT_NPROC, (most, hard))


def closed_to_others() -> str:
    """The folder in which root keeps this checkout to himself, "" if none:
    then no ordinary user can start what is in it."""
    for folder in (REPO, *REPO.parents):
        if not folder.stat().st_mode & 0o001:
            return str(folder)
    return ""


def missing() -> str:
    """What this machine lacks for any attack to be played, "" if nothing."""
    for tool in ("unshare", "setpriv", "mount", "sleep"):
        if not shutil.which(tool):
            return "%s is not installed" % tool
    return ""
