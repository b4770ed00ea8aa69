"""Where may groups be made, what is written there, and is all gone again?

Files in folders of the test stand for the kernel's; what the kernel does
with them is tried where it lets us.
"""

from __future__ import annotations

import select
import subprocess
import sys
from pathlib import Path
from typing import Iterator

import pytest

from grader import cgroups
from grader.bounds import Bounds
from grader.cgroups import Groups, Place

MOUNT = "31 1 0:27 {root} {point} rw,nosuid - {kind} cgroup rw{options}\n"


def proc(folder: Path, mounts: str, own: str) -> Path:
    folder.mkdir()
    (folder / "mountinfo").write_text(mounts)
    (folder / "cgroup").write_text(own)
    return folder


@pytest.fixture(autouse=True)
def _forgets() -> Iterator[None]:
    cgroups.find.cache_clear()
    yield
    cgroups.find.cache_clear()


def tree(root: Path, path: str, given: str) -> None:
    folder = root / path
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "cgroup.subtree_control").write_text(given)


def test_version_2_is_had_in_the_nearest_folder_that_hands_on_control(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = tmp_path / "cgroup"
    tree(top, ".", "cpu memory pids")
    tree(top, "user.slice", "memory pids")
    tree(top, "user.slice/app.slice", "cpu")
    tree(top, "user.slice/app.slice/run-7.scope", "")
    mounts = MOUNT.format(root="/", point=top, kind="cgroup2", options="")
    own = "0::/user.slice/app.slice/run-7.scope\n"
    monkeypatch.setattr(cgroups, "_works", lambda folders: True)
    place = cgroups.find(proc(tmp_path / "proc", mounts, own))
    assert place == Place(2, (top / "user.slice",))
    assert place.words == "cgroup v2"


def test_a_container_sees_its_own_part_of_version_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = ""
    for name in ("memory", "pids"):
        (tmp_path / name / "inner").mkdir(parents=True)
        mounts += MOUNT.format(
            root="/box", point=tmp_path / name, kind="cgroup", options="," + name
        ).replace(" cgroup rw,", " cgroup rw,")
    mounts = mounts.replace(" cgroup cgroup rw", " cgroup none rw")
    own = "4:memory:/box/inner\n3:pids:/box/inner\n0::/\n"
    monkeypatch.setattr(cgroups, "_works", lambda folders: True)
    place = cgroups.find(proc(tmp_path / "proc", mounts, own))
    assert place == Place(
        1, (tmp_path / "memory" / "inner", tmp_path / "pids" / "inner")
    )


@pytest.mark.parametrize("mounts", ["", "no mount at all\n"])
def test_where_there_is_none_it_is_said(tmp_path: Path, mounts: str) -> None:
    place = cgroups.find(proc(tmp_path / "proc", mounts, "0::/\n"))
    assert place == Place(0) and "labrun watches" in place.words


def test_what_does_not_work_when_tried_is_not_had(tmp_path: Path) -> None:
    """Plain folders are no control groups: nothing can be entered."""
    tree(tmp_path, ".", "memory pids")
    mounts = MOUNT.format(root="/", point=tmp_path, kind="cgroup2", options="")
    (tmp_path / "cgroup.procs").write_text("")
    found = cgroups.find(proc(tmp_path / "proc", mounts, "0::/\n"))
    assert found.version in (0, 2)
    assert not list(tmp_path.glob("mngrade*/try*/memory.oom_control"))


def test_the_groups_of_a_dead_grader_are_swept(tmp_path: Path) -> None:
    (tmp_path / "mngrade.run-dead" / "server-1").mkdir(parents=True)
    with Groups(Place(1, (tmp_path,))) as first:
        assert not (tmp_path / "mngrade.run-dead").exists()
        with Groups(Place(1, (tmp_path,))) as second:
            assert len(list(tmp_path.glob("mngrade.run-*"))) == 2
            assert first.keep and second.keep
    assert not list(tmp_path.iterdir())


def test_the_janitor_is_told_of_the_groups(tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    with Groups(Place(1, (tmp_path,)), work):
        (line,) = (work / cgroups.LIST).read_text().splitlines()
        assert Path(line).is_dir() and Path(line).parent == tmp_path


REAL = cgroups.find()
needs_groups = pytest.mark.skipif(
    REAL.version == 0, reason="no control groups can be had here"
)


@needs_groups
def test_memory_is_bounded_by_the_kernel_and_nothing_stays() -> None:
    eats = "x = bytearray(b'x' * (90 << 20))"
    with Groups(REAL) as groups:
        paths = groups.make("one", Bounds(memory_mib=64))
        done = subprocess.run(
            [sys.executable, "-c", eats], preexec_fn=lambda: cgroups.enter(paths),
            check=False,
        )  # fmt: skip
        bases = list(groups._bases)
        assert done.returncode == -9 and all(base.is_dir() for base in bases)
    assert not any(base.exists() for base in bases)


KILLED = """
import os, sys, time
from pathlib import Path
from grader import cgroups
from grader.workspace import Workspace
with Workspace(Path(sys.argv[1])) as work:
    with cgroups.Groups(cgroups.find(), work) as groups:
        groups.make("one", cgroups.Bounds())
        print(*groups._bases, flush=True)
        os.kill(os.getpid(), 9)
"""


@needs_groups
def test_a_killed_grader_leaves_no_group_behind(tmp_path: Path) -> None:
    """The janitor holds the pipe until all is gone."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        stdout=subprocess.PIPE, check=False,
        cwd=str(Path(__file__).resolve().parents[2]),
    )  # fmt: skip
    bases = [Path(word) for word in done.stdout.decode().split()]
    assert done.returncode == -9 and bases
    waiting = [base for base in bases if base.exists()]
    for _ in range(1000):
        waiting = [base for base in waiting if base.exists()]
        if not waiting and not list(tmp_path.iterdir()):
            return
        select.select([], [], [], 0.01)
    raise AssertionError("left behind: %s" % waiting)
