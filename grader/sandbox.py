"""How is a program run so that it can harm nothing and see nothing?

The only module that knows bubblewrap. It gives the prefix of a command line
for a student's program on a Mininet host, and it runs compilers in the same
kind of sandbox without any network. Nothing here knows what is run.
"""

from __future__ import annotations

import functools
import os
import platform
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Dict, List, Mapping, Sequence, Tuple

from grader import etc
from grader import jobs as side_by_side
from grader import tree
from grader.bounds import BUILD, Bounds, words
from grader.guard import Guard
from grader.etc import HOME, INSIDE_ID, NOBODY

HELPER = "/run/labexec"
#: The descriptor on which labexec hands bubblewrap the filter of system
#: calls: LAUNCH_FILTER_FD of c_src/core/launch.h.
FILTER = "4"
#: Where a program can write, as it sees these folders.
STORES = (HOME, "/tmp", "/dev/shm", "/run")
#: A program may fill memory through a tmpfs; this bounds each of them.
TMPFS_BYTES = 64 * 1024 * 1024
#: What is kept of a compiler's output; the first lines are the telling ones.
OUTPUT_CAP = 64 * 1024

_PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
#: From this kernel on, `nproc` is counted for each user namespace.
_NPROC_IN_NAMESPACE = (5, 14)
#: Says that the sandbox stands before anything of a student's can run, so
#: that bubblewrap's own failure is never taken for the command's.
_UP = "sandbox is up\n"
_ANNOUNCE = 'cd "$0" && echo "sandbox is up" && exec "$@"'


class SandboxError(Exception):
    """The sandbox itself failed: the harness's fault, never a program's."""


@dataclass(frozen=True)
class BuildJob:
    """One command to run in a sandbox, in the folder `cwd` of `copy`."""

    argv: Tuple[str, ...]
    copy: Path
    cwd: str = "."


@dataclass(frozen=True)
class BuildResult:
    """How a command in a sandbox ended; `code` is 128 + N after signal N."""

    code: int
    output: str
    timed_out: bool
    limit: str = ""  # the one that was reached: "memory limit of 256 MiB"


def environment() -> Dict[str, str]:
    """The whole environment of a program.

    TERM is `dumb`: a program sees a terminal and asks, flushes and prompts as
    for a person, but sends no cursor movements between the words. Nothing is
    set that changes buffering, since that changes how lines mix.
    """
    return {
        "PATH": _PATH,
        "HOME": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "SHELL": "/bin/sh",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def default_limits(bounds: Bounds = Bounds()) -> Dict[str, int]:
    """Limits of each process of a program, as setrlimit(2) names them."""
    limits = bounds.of_process()
    return {**limits, "nproc": _process_limit(limits["nproc"])}


def build_limits(bounds: Bounds = BUILD) -> Dict[str, int]:
    """Limits of a compiler; several may run as one user at a time."""
    return {**default_limits(bounds), "nproc": 4096}


def _process_limit(most: int, release: str = platform.release()) -> int:
    """Older kernels count all processes of the user, on the whole machine."""
    numbers = release.replace("-", ".").split(".")[:2]
    version = tuple(int(n) if n.isdigit() else 0 for n in numbers)
    return most if version >= _NPROC_IN_NAMESPACE else most + 4096


def wrap_program(
    copy: Path,
    hostname: str,
    hosts_file: Path,
    helper: Path,
    extra_ro: Sequence[Path] = (),
    cwd: str = ".",
) -> Tuple[str, ...]:
    """The start of the command line for a program on a Mininet host.

    The result ends in "--". `copy` becomes the program's home, `hosts_file`
    its /etc/hosts; a few small files are put into a folder beside
    `hosts_file`, which must live as long as the run. There is no new session:
    the program has a terminal of its own. The network is the caller's.
    """
    made = etc.make_folder(hosts_file.parent)
    argv = [*_filtered(helper), *_own_user(), *_etc(made, hosts_file)]
    argv += ["--hostname", hostname, "--ro-bind", str(helper), HELPER]
    for path in extra_ro:
        argv += ["--ro-bind", str(path), str(path)]
    return (*argv, *_home(copy), "--chdir", _at(cwd), "--")


def run_build(
    argv: Sequence[str],
    copy: Path,
    limits: Mapping[str, int],
    deadline_s: float,
    cwd: str = ".",
    guard: Guard = Guard(),
) -> BuildResult:
    """Run one compiler or make on `copy`, without any network."""
    job = BuildJob(tuple(argv), copy, cwd)
    return run_builds([job], limits, deadline_s, guard)[0]


def run_builds(
    jobs: Sequence[BuildJob],
    limits: Mapping[str, int],
    deadline_s: float,
    guard: Guard = Guard(),
) -> Tuple[BuildResult, ...]:
    """Run commands side by side; whatever runs at the deadline is killed."""
    if not jobs:
        return ()
    copies = {job.copy for job in jobs}
    if can_drop():
        for copy in copies:
            tree.give(copy, NOBODY, NOBODY)
    # Beside the copy, so that whoever clears that away clears this too.
    beside = str(jobs[0].copy.resolve().parent)
    with tempfile.TemporaryDirectory(prefix="build-", dir=beside) as scratch:
        made = etc.make_folder(Path(scratch))
        extra = _etc(made, made / "hosts")
        if can_drop():
            extra += ["--bind", str(_open_folder(Path(scratch))), "/tmp"]
        commands = [_build_argv(job, extra) for job in jobs]
        try:
            ended = side_by_side.run_all(
                commands, environment(), limits, deadline_s, OUTPUT_CAP,
                watches=[guard.watch(job.copy) for job in jobs],
            )  # fmt: skip
        except side_by_side.NotEnding as error:
            raise SandboxError(str(error)) from error
        except OSError as error:
            raise SandboxError(f"not built (run make): {error}") from error
        finally:
            for copy in copies:
                _take_back(copy)
    return tuple(_result(end) for end in ended)


def _take_back(copy: Path) -> None:
    """A folder is ours again, also what a build has closed."""
    if can_drop():
        tree.give(copy, os.geteuid(), os.getegid())
    tree.open_up(copy)


def _result(end: side_by_side.Ended) -> BuildResult:
    output = end.output.decode("utf-8", "replace")
    limit = words(end.limit) if end.limit else ""
    if limit and not output.startswith(_UP):
        output = _UP
    if not output.startswith(_UP):
        raise SandboxError(f"the sandbox could not be made: {output.strip()}")
    code = end.code or 1 if limit else end.code
    return BuildResult(code, output[len(_UP) :], end.timed_out, limit)


@functools.lru_cache(maxsize=None)
def can_drop() -> bool:
    """Are we a root who can become somebody else?

    In a user namespace that maps root alone there is nobody else.
    """
    if os.geteuid() != 0:
        return False
    with open("/proc/self/uid_map", encoding="ascii") as ranges:
        spans = [[int(n) for n in line.split()] for line in ranges]
    return any(first <= NOBODY < first + count for first, _, count in spans)


def concern() -> str:
    """What is weaker here than it could be; "" where nothing is."""
    if os.geteuid() != 0 or can_drop():
        return ""
    return (
        "root cannot become nobody in this user namespace, so programs run as "
        "its root behind their sandbox: grade as an ordinary user instead"
    )


def helper() -> Path:
    """labexec, where `make` puts it."""
    top = Path(__file__).resolve().parent.parent
    folder = os.environ.get("MNGRADE_BIN", str(top / "build" / "bin"))
    return Path(folder) / "labexec"


def trouble() -> str:
    """Why sandboxes cannot be made on this machine; "" if they can."""
    try:
        with tempfile.TemporaryDirectory(prefix="try-sandbox-") as copy:
            result = run_build(["true"], Path(copy), {}, 10.0)
            plain = [*_filtered(helper()), *_own_user()]
            plain += ["--unshare-net", "--", "true"]
            done = subprocess.run(plain, stderr=subprocess.PIPE, check=False)
    except (SandboxError, OSError) as error:
        return str(error)
    if done.returncode:
        return done.stderr.decode("utf-8", "replace").strip()
    return "" if result.code == 0 else result.output


# ---- the parts of a bubblewrap command line ------------------------------


@functools.lru_cache(maxsize=None)
def _bwrap() -> str:
    found = shutil.which("bwrap", path=_PATH)
    if not found:
        raise SandboxError("bwrap is missing: apt-get install bubblewrap")
    return found


def _filtered(labexec: Path, how: str = "--filter") -> List[str]:
    """bubblewrap with a filter of system calls, which it lays on whatever
    runs inside when all else is done; see c_src/observe/filter.c."""
    return [str(labexec), how, *_base(), "--seccomp", FILTER]


@functools.lru_cache(maxsize=None)
def _base() -> Tuple[str, ...]:
    """What every sandbox on this machine has: system, /proc, /dev, /tmp."""
    argv = [_bwrap(), "--die-with-parent", "--unshare-pid", "--unshare-ipc"]
    argv += ["--unshare-uts", "--unshare-cgroup-try"]
    argv += ["--cap-drop", "ALL", "--ro-bind", "/usr", "/usr"]
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        path = "/" + name
        if os.path.islink(path):
            argv += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            argv += ["--ro-bind", path, path]
    for path in _own_folders():
        argv += ["--tmpfs", path]
    argv += ["--proc", "/proc", "--dev", "/dev"]
    for path in ("/dev/shm", "/tmp", "/run"):
        argv += [*_size(), "--tmpfs", path]
    argv += ["--dir", "/var", "--symlink", "../tmp", "/var/tmp"]
    return tuple(argv)


def _own_folders() -> List[str]:
    """Our own folder, where it lies in /usr and would be seen: the rubrics,
    the examples, and reference programs that a submission could run."""
    top = Path(__file__).resolve().parent.parent
    inside = Path("/usr") in top.parents and (top / "labs").is_dir()
    return [str(top)] if inside else []


@functools.lru_cache(maxsize=None)
def _size() -> Tuple[str, ...]:
    """A bound for the next tmpfs, where this bubblewrap knows the option."""
    helped = subprocess.run(
        [_bwrap(), "--help"], stdout=subprocess.PIPE, check=False
    )
    return ("--size", str(TMPFS_BYTES)) if b"--size" in helped.stdout else ()


def _own_user() -> Tuple[str, ...]:
    own = str(INSIDE_ID)
    return ("--unshare-user", "--uid", own, "--gid", own)


def _home(copy: Path) -> List[str]:
    argv = ["--dir", "/home", "--bind", str(copy), HOME]
    # Where root grades, a program is root to /proc/sys, whose files belong
    # to the whole machine; capabilities play no part there. The two tmpfs
    # hold only mount points, and all of these are there now.
    for path in ("/proc", "/dev", "/"):
        argv += ["--remount-ro", path]
    return argv


def _at(cwd: str) -> str:
    return os.path.normpath(os.path.join(HOME, cwd))


def _etc(made: Path, hosts_file: Path) -> List[str]:
    """One folder as /etc: a bind for each file would cost more."""
    argv = ["--ro-bind", str(made), "/etc"]
    for path in etc.system_folders():
        argv += ["--ro-bind", path, path]
    if hosts_file.parent != made:
        argv += ["--ro-bind", str(hosts_file), "/etc/hosts"]
    return argv


# ---- running builds ------------------------------------------------------


def _open_folder(beside: Path) -> Path:
    """A /tmp for whom we drop to: the tmpfs would be root's."""
    beside.chmod(0o711)
    folder = beside / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


def _build_argv(job: BuildJob, extra: Sequence[str]) -> List[str]:
    """Root keeps its folders reachable by mounting as root and dropping
    afterwards; anybody else takes a user namespace. The folder is entered
    last, since bubblewrap has no right to enter what was handed over."""
    argv = [*_filtered(helper(), "--build"), "--unshare-net", *extra]
    if can_drop():
        argv += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        argv += _own_user()
    argv += [*_home(job.copy), "--chdir", "/", "--"]
    if can_drop():
        drop = f"--reuid={NOBODY} --regid={NOBODY} --clear-groups"
        argv += ["setpriv", *drop.split(), "--inh-caps=-all"]
    return [*argv, "/bin/sh", "-c", _ANNOUNCE, _at(job.cwd), *job.argv]
