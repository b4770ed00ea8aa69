"""Is a fault of ours ever a student's loss, or a student's gain?

Each test breaks a part of the harness while a good submission is graded. It
must end as `not-judged` with the reason, or as one clear message and exit
status 3: never with a zero for what was not seen, never with a pass.
"""

from __future__ import annotations

import functools
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any, Dict, List

import pytest

from grader import grade as grading
from grader import lab, network, run, sandbox, schedule, worker
from grader.model import Outcome, Report, Verdict
from tests.network.command import (
    GOOD,
    NOBODY,
    REPO,
    Done,
    grade,
    mngrade,
)

if not GOOD.is_dir():
    # The arenas' tests run once more as nobody, in a copy of their own.
    pytest.skip("a copy without the labs", allow_module_level=True)

SUBMISSION = GOOD / "c-poll"
BIN = REPO / "build" / "bin"

#: A labrun that passes on what it is told, and dies after some commands.
DYING = """\
import os, subprocess, sys
labrun = subprocess.Popen([%r], stdin=subprocess.PIPE, close_fds=False)
for number, line in enumerate(sys.stdin.buffer):
    if number == %d:
        labrun.kill()
        labrun.wait()
        os.kill(os.getpid(), %d)
    labrun.stdin.write(line)
    labrun.stdin.flush()
"""


def not_judged(done: Done, why: str) -> Dict[str, Any]:
    """The report of a grading in which nothing could be judged."""
    assert done.status == 3, done
    report = done.report
    assert report["status"] == "incomplete" and report["points"] == 0
    for row in report["criteria"]:
        if row["verdict"] == "manual":
            continue
        assert row["verdict"] == "not-judged", row
        assert why in row["reason"], row
        assert "\n" not in row["reason"]
    assert report["pending_points"] == 30
    return report


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    """A folder with our executables, of which labrun can be replaced."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for program in BIN.iterdir():
        (folder / program.name).symlink_to(program)
    (folder / "labrun").unlink()
    return folder


def put_labrun(tools: Path, text: str) -> None:
    (tools / "labrun").write_text(text)
    (tools / "labrun").chmod(0o755)


# ---- labrun ----------------------------------------------------------------


@pytest.mark.parametrize("commands, signal", [(0, 9), (6, 11), (12, 15)])
def test_a_labrun_that_is_killed_in_the_middle(
    tools: Path, commands: int, signal: int
) -> None:
    script = DYING % (str(BIN / "labrun"), commands, signal)
    put_labrun(tools, "#!%s\n%s" % (sys.executable, script))
    done = grade(SUBMISSION, MNGRADE_BIN=str(tools))
    not_judged(done, "labrun ended in the middle of a run (signal %d)" % signal)


def test_a_labrun_that_dies_in_one_run_only_spoils_nothing(
    tools: Path, tmp_path: Path
) -> None:
    """A run that failed on our side is made once more."""
    script = DYING % (str(BIN / "labrun"), 8, 9)
    once = "if mkdir %s/died 2>/dev/null; then exec %s %s/dying; fi\nexec %s\n"
    (tmp_path / "dying").write_text(script)
    put_labrun(tools, "#!/bin/sh\n" + once % (
        tmp_path, sys.executable, tmp_path, BIN / "labrun"))  # fmt: skip
    done = grade(SUBMISSION, MNGRADE_BIN=str(tools))
    assert (tmp_path / "died").is_dir(), "it never died"
    assert (done.status, done.report["points"]) == (0, 70)


@pytest.mark.parametrize(
    "text, why",
    [
        ("#!/bin/sh\necho garbage\n", "wrote what is no event"),
        ("#!/bin/sh\nexec head -c 3000000 /dev/urandom\n", "labrun"),
        ("#!/bin/sh\necho '{\"n\": 1, \"ev\": \"hello\"}'\n", "another protocol"),
        ("#!/bin/sh\nexit 1\n", "ended in the middle of a run (status 1)"),
        ("no program at all\n", "labrun cannot be started"),
    ],
)
def test_a_labrun_that_is_none(
    tools: Path, text: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_labrun(tools, text)
    monkeypatch.setenv("MNGRADE_BIN", str(tools))
    nothing_is_judged(grade_here(), why)


def test_a_labrun_that_is_not_there(tools: Path) -> None:
    done = grade(SUBMISSION, MNGRADE_BIN=str(tools))
    if done.out:
        not_judged(done, "labrun cannot be started")
    else:
        one_message(done, "labrun")


def test_a_helper_that_is_not_there(
    tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tools / "labrun").symlink_to(BIN / "labrun")
    (tools / "labexec").unlink()
    monkeypatch.setenv("MNGRADE_BIN", str(tools))
    with pytest.raises(sandbox.SandboxError, match="labexec"):
        grade_here()


# ---- the network, the sandbox, the scripts ---------------------------------


def grade_here() -> Report:
    """Grade in this process, of which a test has changed something. Two of
    the lab's runs are enough, of those on which verdicts rest."""
    loaded = lab.load("order")
    needed = [case for case in loaded.cases if not case.spare]
    loaded = replace(loaded, cases=needed[:2])
    return grading.grade(grading.Order(loaded, (SUBMISSION,), seed=1))


def nothing_is_judged(report: Report, why: str) -> None:
    assert report.status == "incomplete" and report.points == 0
    for row in report.rows:
        if row.finding.verdict is not Verdict.MANUAL:
            assert row.finding.verdict is Verdict.NOT_JUDGED
            assert why in row.finding.reason
    assert report.traces
    assert all(t.outcome is Outcome.HARNESS for t in report.traces)


def test_a_bridge_that_never_forwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        network._Bridge, "silent_ports", lambda bridge: ["s1-eth2"]
    )
    build = functools.partial(network.build, deadline_s=0.3)
    monkeypatch.setattr(worker.network, "build", build)
    nothing_is_judged(grade_here(), "never came up: s1-eth2")


def test_a_network_that_cannot_be_built(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(105, "No buffer space available")

    monkeypatch.setattr(network._Link, "makeIntfPair", fail)
    nothing_is_judged(grade_here(), "No buffer space available")


def test_a_sandbox_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrap(*_: object, **__: object) -> List[str]:
        return ["bwrap", "--no-such-option", "--"]

    monkeypatch.setattr(sandbox, "wrap_program", wrap)
    nothing_is_judged(grade_here(), "the sandbox of server failed")


def test_a_machine_that_is_too_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    settle = run.Session.settle

    def starve(*arguments: Any, **options: Any) -> Dict[str, Any]:
        return {**settle(*arguments, **options), "starved": True}

    monkeypatch.setattr(run.Session, "settle", starve)
    nothing_is_judged(grade_here(), "the machine was too busy")


def test_a_segment_that_the_capture_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    following = run.Session._next_event

    def lose(session: run.Session, until: float) -> Dict[str, Any]:
        event = following(session, until)
        if event.get("len") and event["src"].endswith(":12000"):
            event["seq"] = (event["seq"] + 10) % (1 << 32)
        return event

    monkeypatch.setattr(run.Session, "_next_event", lose)
    nothing_is_judged(grade_here(), "the capture lost a segment")


def test_a_script_of_the_lab_with_a_mistake(tmp_path: Path) -> None:
    folder = tmp_path / "order"
    shutil.copytree(str(REPO / "labs" / "order"), str(folder),
                    ignore=shutil.ignore_patterns("examples"))  # fmt: skip
    with (folder / "scenarios.py").open("a") as scenarios:
        scenarios.write("\n@scenario()\ndef wrong(run):\n    unheard_of()\n")
    done = mngrade("grade", folder, SUBMISSION, "--json", "-")
    assert done.status == 2 and not done.out
    assert "scenarios.py:" in done.err and "unheard_of" in done.err
    assert "Traceback" not in done.err


def test_an_arena_that_dies_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object) -> None:
        os.kill(os.getpid(), 9)

    monkeypatch.setattr(worker, "_run", die)
    nothing_is_judged(grade_here(), "the arena died: killed by signal 9")


def test_no_arena_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise schedule.ArenaFault("no more namespaces")

    monkeypatch.setattr(schedule.Arena, "__enter__", refuse)
    nothing_is_judged(grade_here(), "no more namespaces")


# ---- the machine -----------------------------------------------------------


def one_message(done: Done, *told: str) -> None:
    """Exit status 3, nothing on stdout, and what mends it."""
    assert done.status == 3 and done.out == "", done
    assert done.err.startswith("mngrade: ")
    lines = [line for line in done.err.split("\n") if "mngrade: " in line]
    # In a namespace of the test's own, root is warned that it has no nobody.
    assert sum("root cannot become nobody" not in line for line in lines) == 1
    for words in told:
        assert words in done.err, done.err


#: Runs the command with a small disk in the folder $1.
SMALL_DISK = ["unshare", "--map-root-user", "--mount", "sh", "-c",
              'mount -t tmpfs -o size=$1,mode=0777 none "$2" && shift 2'
              ' && exec "$@"', "sh"]  # fmt: skip
#: mngrade that does not look at the room before it begins.
CARELESS = [sys.executable, "-c",
            "import sys; from grader import cli, doctor; doctor._ROOM = 0;"
            " sys.exit(cli.main(sys.argv[4:]))"]  # fmt: skip


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    """A folder that others may enter."""
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def test_a_full_disk_is_told_before_anything_is_begun(disk: Path) -> None:
    done = grade(
        SUBMISSION, before=[*SMALL_DISK, "64k", str(disk)], TMPDIR=str(disk)
    )
    one_message(done, "MiB free in", "to mend it")


@pytest.mark.parametrize("size", ["4k", "20k", "60k", "80k", "100k"])
def test_a_disk_that_becomes_full_in_the_middle(disk: Path, size: str) -> None:
    """There is room for nothing, or for some of what a grading writes."""
    before = [*SMALL_DISK, size, str(disk), *CARELESS]
    done = grade(SUBMISSION, before=before, TMPDIR=str(disk))
    assert done.status == 3, done
    if done.out:
        assert done.report["points"] == 0
        verdicts = set(done.verdicts.values())
        assert verdicts <= {"not-judged", "manual"}, done.report
    else:
        one_message(done)


def test_a_full_disk_behind_keep_costs_the_student_nothing(disk: Path) -> None:
    before = [*SMALL_DISK, "16k", str(disk)]
    done = grade(SUBMISSION, "--keep", disk / "kept", before=before)
    assert (done.status, done.report["points"]) == (0, 70)
    assert any(
        "not kept" in note and "No space left" in note
        for note in done.report["notes"]
    ), done.report["notes"]


def test_a_machine_without_bubblewrap_is_told_so(tmp_path: Path) -> None:
    without = tmp_path / "bin"
    without.mkdir()
    for folder in ("/bin", "/usr/bin", "/usr/sbin", "/sbin"):
        for program in Path(folder).iterdir():
            link = without / program.name
            if program.name != "bwrap" and not link.is_symlink():
                link.symlink_to(program)
    done = grade(SUBMISSION, PATH=str(without))
    if shutil.which("bwrap", path="/usr/sbin:/sbin:/usr/local/sbin"):
        pytest.skip("bwrap is where every PATH finds it")
    one_message(done, "bwrap is missing", "apt-get install")


def test_a_sandbox_that_is_gone_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A build needs it first: nothing can be graded, and nobody loses."""
    sandbox._bwrap.cache_clear()
    sandbox._base.cache_clear()
    sandbox._size.cache_clear()
    monkeypatch.setattr(sandbox, "_PATH", "/nonexistent")
    try:
        with pytest.raises(sandbox.SandboxError, match="bwrap is missing"):
            grade_here()
    finally:
        sandbox._base.cache_clear()
        sandbox._bwrap.cache_clear()
        sandbox._size.cache_clear()


def test_a_python_without_mininet_is_told_so(tmp_path: Path) -> None:
    """Everything else is there: only what comes with the system is not."""
    code = (
        "import sys, importlib.abc\n"
        "class No(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'mininet':\n"
        "            raise ModuleNotFoundError(name, name=name)\n"
        "import importlib.util\n"
        "found = importlib.util.find_spec\n"
        "importlib.util.find_spec = (\n"
        "    lambda n, p=None: None if n == 'mininet' else found(n, p))\n"
        "sys.meta_path.insert(0, No())\n"
        "from grader import cli\n"
        "sys.exit(cli.main(sys.argv[4:]))\n"
    )
    done = grade(SUBMISSION, before=[sys.executable, "-c", code])
    one_message(done, "Mininet is not installed", "to mend it")


def test_a_python_without_any_package_is_told_so() -> None:
    """As another python3 that is first in PATH would be."""
    done = subprocess.run(
        [sys.executable, "-S", "-m", "grader", "labs"], cwd=str(REPO),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    if done.returncode == 0:
        pytest.skip("this Python has its packages in another way")
    assert done.returncode == 3 and b"Traceback" not in done.stderr
    assert b"has no module" in done.stderr


#: Runs a command as a user who may make no user namespace.
CONFINED = """\
import ctypes, os, sys
ready, go = os.pipe(), os.pipe()
child = os.fork()
if child == 0:
    assert ctypes.CDLL(None, use_errno=True).unshare(0x10000000) == 0
    os.write(ready[1], b"r")
    os.read(go[0], 1)
    with open("/proc/sys/user/max_user_namespaces", "w") as limit:
        limit.write("0")
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
    os.execv(sys.argv[1], sys.argv[1:])
os.read(ready[0], 1)
for kind in ("uid_map", "gid_map"):
    with open("/proc/%d/%s" % (child, kind), "w") as ranges:
        ranges.write("0 0 65536")
os.write(go[1], b"g")
status = os.waitpid(child, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 99)
"""


def test_a_user_without_namespaces_is_told_what_mends_it(
    tmp_path: Path,
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can take that right from a user")
    home = tmp_path / "home"
    home.mkdir()
    os.chown(str(home), NOBODY, NOBODY)
    for part in (tmp_path, tmp_path.parent, tmp_path.parent.parent):
        part.chmod(part.stat().st_mode | stat.S_IXOTH)
    done = grade(
        SUBMISSION, before=[sys.executable, "-c", CONFINED], HOME=str(home),
        TMPDIR=str(home),
    )  # fmt: skip
    one_message(done, "no namespaces", "to mend it", "sudo")
