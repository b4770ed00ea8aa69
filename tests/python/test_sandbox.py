"""Does the sandbox hold, and does it say whose fault a failure is?"""

from __future__ import annotations

import os
import platform
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Dict, List

import pytest

from grader import etc, jobs, sandbox

LAUNCH = Path(__file__).resolve().parents[2] / "c_src" / "core" / "launch.h"
REASON = sandbox.trouble()
needs_namespaces = pytest.mark.skipif(
    bool(REASON), reason=f"no sandbox can be made on this machine: {REASON}"
)

#: Ways to be: as we are, root of a user namespace alone, an ordinary user.
AS_WE_ARE: List[str] = []
IN_ARENA = "unshare --user --map-root-user --net --mount --pid --fork".split()
IN_ARENA.append("--mount-proc")
ORDINARY = "setpriv --reuid 65534 --regid 65534 --clear-groups".split()


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copy"
    (folder / "sub dir").mkdir(parents=True)
    return folder


def build(copy: Path, script: str, limit_s: float = 20.0) -> sandbox.BuildResult:
    limits = sandbox.build_limits()
    return sandbox.run_build(["sh", "-c", script], copy, limits, limit_s)


def inside(tmp_path: Path, copy: Path, script: str, way: List[str]) -> str:
    """What a program on a host prints, its wrapper started in some way."""
    hosts = tmp_path / "hosts"
    hosts.write_text("127.0.0.1 localhost\n10.0.0.7 h7\n")
    helper = sandbox.helper()
    wrap = sandbox.wrap_program(copy, "h7", hosts, helper, cwd="sub dir")
    done = subprocess.run(
        [*way, *wrap, "sh", "-c", script],
        env=sandbox.environment(), stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False, timeout=60,
    )
    return done.stdout.decode()


def can_be(way: List[str]) -> bool:
    done = subprocess.run([*way, "true"], stderr=subprocess.DEVNULL, check=False)
    return done.returncode == 0


@needs_namespaces
@pytest.mark.parametrize("way", [AS_WE_ARE, IN_ARENA], ids=["as we are", "in arena"])
def test_a_program_finds_what_it_needs(
    tmp_path: Path, copy: Path, way: List[str]
) -> None:
    if way and not can_be(way):
        pytest.skip("user namespaces cannot be made here")
    script = (
        "id -u; pwd; hostname; echo $HOME $TERM $LANG; getent hosts h7;"
        "touch here ~/there /tmp/x /var/tmp/y /run/z /dev/shm/q && echo writes;"
        "python3 -c 'import pwd, os, ssl; print(pwd.getpwuid(os.getuid()).pw_dir)'"
    )
    lines = inside(tmp_path, copy, script, way).split("\n")
    assert lines[:4] == ["1000", "/home/student/sub dir", "h7",
                         "/home/student dumb C.UTF-8"]
    assert lines[4].split() == ["10.0.0.7", "h7"]
    assert lines[5:7] == ["writes", "/home/student"]
    assert (copy / "sub dir" / "here").is_file() and (copy / "there").is_file()


@needs_namespaces
@pytest.mark.parametrize("way", [AS_WE_ARE, IN_ARENA], ids=["as we are", "in arena"])
def test_a_program_sees_and_changes_nothing_else(
    tmp_path: Path, copy: Path, way: List[str]
) -> None:
    if way and not can_be(way):
        pytest.skip("user namespaces cannot be made here")
    (tmp_path / "rubric").write_text("secret")
    script = (
        "exec 2>/dev/null;"
        f"for f in {tmp_path}/rubric {Path(__file__)} /etc/shadow /root/.bashrc;"
        " do cat $f && echo read $f; done;"
        "for f in /usr /etc /dev /home / /proc/sys/kernel /var;"
        " do touch $f/x && echo wrote $f; done;"
        "echo evil > /proc/sys/kernel/hostname && echo renamed;"
        "[ -w /proc/sysrq-trigger ] && echo may reboot;"
        "ls -d /proc/[0-9]* | wc -l; ls /run /home;"
        "mount -t tmpfs none /tmp && echo mounted;"
        "grep -cE 'Cap(Prm|Eff|Bnd|Amb):.0{16}' /proc/self/status"
    )
    said = inside(tmp_path, copy, script, way)
    # bwrap, sh, ls and wc are all that runs, and wc may come after ls has
    # looked; all four sets are empty.
    seen, *rest = said.split("\n")
    assert seen in ("3", "4")
    assert rest == ["/home:", "student", "", "/run:", "labexec", "4", ""]


@needs_namespaces
@pytest.mark.skipif(not can_be(ORDINARY), reason="only root can become another")
def test_an_ordinary_user_can_make_it() -> None:
    # The checkout may lie where only root may look.
    base = [*sandbox._base(), *sandbox._own_user(), "--remount-ro", "/", "--"]
    done = subprocess.run(
        [*ORDINARY, *base, "id", "-u"], stdout=subprocess.PIPE, check=True,
        cwd="/",
    )
    assert done.stdout == b"1000\n"


#: Each of these is done where nothing but the filter forbids it.
REFUSED = """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
def call(*words):
    ctypes.set_errno(0)
    words = [ctypes.c_long(w) if isinstance(w, int) else w for w in words]
    return libc.syscall(*words), ctypes.get_errno()
NEW_USER, TIOCSTI = 0x10000000, 0x5412
print("user namespace", call(272, NEW_USER))
print("keyring", call(250, 0, -3, 1))
print("userfaultfd", call(323, 1))
print("io_uring", call(425, 1, ctypes.create_string_buffer(120)))
print("typing", call(16, 0, TIOCSTI | 1 << 32, b"x"))
print("tracing process 1", call(101, 16, 1, 0, 0))
print("vsock", call(41, 40, 1, 0))
"""


@needs_namespaces
@pytest.mark.skipif(platform.machine() != "x86_64", reason="numbers of x86-64")
def test_everything_inside_is_under_the_filter(tmp_path: Path, copy: Path) -> None:
    (copy / "refused.py").write_text(REFUSED)
    script = "grep -h Seccomp: /proc/1/status /proc/self/status; python3 ~/refused.py"
    expected = ["Seccomp:\t2"] * 2 + [
        "user namespace (-1, 1)", "keyring (-1, 1)", "userfaultfd (-1, 1)",
        "io_uring (-1, 1)", "typing (-1, 1)", "tracing process 1 (-1, 1)",
        "vsock (-1, 97)",
    ]  # fmt: skip
    assert inside(tmp_path, copy, script, AS_WE_ARE).splitlines() == expected
    assert build(copy, script).output.splitlines() == expected


@needs_namespaces
def test_without_the_filter_no_sandbox_is_made(
    copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "FILTER", "9")
    with pytest.raises(sandbox.SandboxError, match="could not be made"):
        build(copy, "true")
    monkeypatch.setenv("MNGRADE_BIN", "/nonesuch")
    with pytest.raises(sandbox.SandboxError, match="labexec"):
        build(copy, "true")


def test_the_prefix_keeps_to_old_options(tmp_path: Path, copy: Path) -> None:
    (tmp_path / "hosts").write_text("")
    wrap = sandbox.wrap_program(
        copy, "h1", tmp_path / "hosts", Path("/x/labexec"), [Path("/usr/bin")]
    )
    assert wrap[-1] == "--" and "--unshare-net" not in wrap
    assert "--new-session" not in wrap and "--clearenv" not in wrap
    known = {"--die-with-parent", "--unshare-pid", "--unshare-ipc", "--unshare-uts",
             "--unshare-cgroup-try", "--unshare-user", "--uid", "--gid", "--cap-drop",
             "--ro-bind", "--bind", "--symlink", "--proc", "--dev", "--tmpfs",
             "--filter", "--seccomp",
             "--dir", "--hostname", "--remount-ro", "--chdir", "--"}
    if not sandbox._size():
        assert "--size" not in wrap
    assert {word for word in wrap if word.startswith("--")} <= known | {"--size"}
    assert wrap[:2] == ("/x/labexec", "--filter")
    assert wrap[wrap.index("/x/labexec", 1) + 1] == sandbox.HELPER
    assert f"LAUNCH_FILTER_FD = {sandbox.FILTER}," in LAUNCH.read_text()


def test_a_root_who_can_become_nobody_else_is_told() -> None:
    ask = "from grader import sandbox; print(sandbox.concern())"
    command = [sys.executable, "-c", ask]
    top = Path(__file__).resolve().parents[2]
    alone = "unshare --user --map-root-user".split()
    if not can_be(alone):
        pytest.skip("user namespaces cannot be made here")
    told = subprocess.run([*alone, *command], stdout=subprocess.PIPE, check=True, cwd=top)
    assert b"root cannot become nobody" in told.stdout
    told = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=top)
    assert told.stdout == b"\n" or not sandbox.can_drop()


def test_the_environment_leaves_buffering_alone() -> None:
    env = sandbox.environment()
    assert "PYTHONUNBUFFERED" not in env and env["HOME"] == etc.HOME
    assert env is not sandbox.environment()


def test_processes_are_counted_as_the_kernel_counts_them() -> None:
    assert sandbox._process_limit(256, "5.4.0-150-generic") == 4352
    assert sandbox._process_limit(256, "6.1.0-18-amd64") == 256
    assert sandbox._process_limit(256, "5.14-rc1") == 256
    assert set(sandbox.default_limits()) == {
        "nofile", "nproc", "core", "fsize", "cpu", "data"}


# ---- builds -----------------------------------------------------------------


@needs_namespaces
def test_a_compiler_runs_and_its_words_are_kept(copy: Path) -> None:
    (copy / "a.c").write_text("int main(void) { return 7; }\n")
    result = build(copy, "cc -o a a.c && ./a; echo code $?; echo oops >&2; exit 3")
    assert result == sandbox.BuildResult(3, "code 7\noops\n", False)
    assert (copy / "a").is_file()


@needs_namespaces
def test_a_build_has_no_network_and_no_rights(copy: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(1)
        port = listener.getsockname()[1]
        result = build(
            copy,
            f"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\","
            f" {port}))' 2>&1 | tail -1; id -u; touch /usr/x;"
            "grep -E 'Cap(Prm|Eff|Amb)' /proc/self/status; touch /tmp/t && echo t",
        )
    assert "Connection refused" in result.output
    assert "\n0\n" not in result.output and "Read-only" in result.output
    assert result.output.count("0" * 16) == 3 and result.output.endswith("t\n")


@needs_namespaces
def test_a_build_that_waits_is_killed_with_its_children(copy: Path) -> None:
    started = time.monotonic()
    result = build(copy, "(sleep 77 & sleep 77 >/dev/null); sleep 77", 0.5)
    assert result.timed_out and time.monotonic() - started < 10
    left = [
        path for path in Path("/proc").glob("[0-9]*/cmdline")
        if _read(path) == b"sleep\x0077\x00"
    ]
    assert left == []


@needs_namespaces
@pytest.mark.parametrize("limit_s, after", [(60, ""), (1, "; sleep 600")])
def test_nothing_of_a_build_runs_when_it_has_ended(
    copy: Path, limit_s: float, after: str
) -> None:
    """What a build leaves behind would meet the grader in the folder."""
    leave = "for i in $(seq 150); do setsid sleep 78 >/dev/null 2>&1 & done"
    result = build(copy, leave + after, limit_s)
    assert result.timed_out is bool(after)
    commands = [_read(path) for path in Path("/proc").glob("[0-9]*/cmdline")]
    assert commands.count(b"sleep\x0078\x00") == 0


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@needs_namespaces
def test_endless_output_is_capped(copy: Path) -> None:
    result = build(copy, "yes | head -c 5000000", 20)
    assert result.code == 0 and not result.timed_out
    assert sandbox.OUTPUT_CAP - 100 < len(result.output) <= sandbox.OUTPUT_CAP


@needs_namespaces
def test_limits_hold_in_a_build(copy: Path) -> None:
    limits: Dict[str, int] = {**sandbox.build_limits(), "fsize": 1000, "nofile": 32}
    argv = ["sh", "-c", "ulimit -n; head -c 5000 /dev/zero > big; echo $?"]
    result = sandbox.run_build(argv, copy, limits, 20)
    assert result.output.startswith("32\n")
    assert (copy / "big").stat().st_size <= 1000


@needs_namespaces
def test_builds_run_side_by_side_in_order(copy: Path) -> None:
    # Each waits for the other's file: alone, neither would end.
    script = "touch $0; while [ ! -e $1 ]; do :; done; echo $0"
    made = [
        sandbox.BuildJob(("sh", "-c", script, one, two), copy)
        for one, two in (("p", "q"), ("q", "p"))
    ]
    results = sandbox.run_builds(made, {}, 20)
    assert [one.output for one in results] == ["p\n", "q\n"]


@needs_namespaces
def test_what_is_missing_is_the_commands_fault(copy: Path) -> None:
    result = sandbox.run_build(["nonesuch"], copy, {}, 10)
    assert result.code == 127 and "nonesuch" in result.output


@needs_namespaces
def test_a_sandbox_that_fails_is_our_fault(copy: Path) -> None:
    with pytest.raises(sandbox.SandboxError, match="could not be made"):
        sandbox.run_build(["true"], copy, {}, 10, cwd="not there")
    # A command that imitates bubblewrap's complaint stays a command.
    result = build(copy, "echo 'bwrap: no' >&2; exit 1")
    assert (result.code, result.output) == (1, "bwrap: no\n")


def test_a_deadline_goes_by_the_clock_it_is_given() -> None:
    now = [0.0]

    def clock() -> float:
        now.append(1000.0 if len(now) > 1 else 0.0)
        return now[-1]

    started = time.monotonic()
    argv = [["sleep", "600"], ["sh", "-c", "exec >&- 2>&-; exec sleep 600"]]
    ended = jobs.run_all(argv, {}, {}, 100, 1000, clock)
    assert [one.timed_out for one in ended] == [True, True]
    assert time.monotonic() - started < 60


def test_folders_for_etc_are_shared_and_complete(tmp_path: Path) -> None:
    first, second = etc.make_folder(tmp_path), etc.make_folder(tmp_path)
    assert first == second and os.listdir(tmp_path) == [first.name]
    assert "hosts: files\n" in (first / "nsswitch.conf").read_text()
    for path in etc.system_folders():
        assert (first / os.path.basename(path)).is_dir()


_LISTS_OURSELVES = """
import sys, tempfile
from pathlib import Path
sys.path.insert(0, "/usr/local/src")
from grader import sandbox
assert sandbox.__file__.startswith("/usr/local/src/"), sandbox.__file__
with tempfile.TemporaryDirectory() as copy:
    argv = ["ls", "-A", "/usr/local/src"]
    print(repr(sandbox.run_build(argv, Path(copy), {}, 20.0)))
"""


@needs_namespaces
@pytest.mark.skipif(not os.path.isdir("/usr/local/src"), reason="no /usr/local/src")
def test_an_installed_grader_is_not_seen() -> None:
    """Nor its reference programs, which would earn a submission all points."""
    top = Path(sandbox.__file__).resolve().parent.parent
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    script = 'mount --bind "$1" /usr/local/src && exec /usr/bin/python3 -I -c "$2"'
    done = subprocess.run(
        ["unshare", *user, "--mount", "sh", "-c", script, "sh", str(top),
         _LISTS_OURSELVES],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd="/",
        universal_newlines=True, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "BuildResult(code=0, output='', timed_out=False, limit='')"
