"""Is a build that uses more than it may ended, and is that told?"""

from __future__ import annotations

from pathlib import Path
from typing import Dict, Tuple

import pytest

from grader import arena, bounds, cgroups, guard, sandbox
from grader.bounds import Bounds
from grader.guard import Guard

pytestmark = pytest.mark.skipif(
    arena.possible() is not None, reason="no namespaces can be had here"
)

SMALL = Bounds(memory_mib=64, processes=30, cpu_s=1, disk_mib=8)
BOMBS: Dict[str, Tuple[str, str]] = {
    "memory": (
        "python3 -c 'x = bytearray(b\"x\" * (90 << 20)); input()' < /dev/zero",
        "memory limit of 64 MiB",
    ),
    "crowd": (
        "for i in $(seq 60); do sleep 20 & done; wait",
        "limit of 30 processes",
    ),
    "cpu": ("while :; do :; done", "CPU time limit of 1 s"),
    "disk": (
        "for i in $(seq 20); do head -c 1M /dev/zero > f$i; done",
        "disk limit of 8 MiB",
    ),
    "hole": ("truncate -s 1T hole; truncate -s 8M a; truncate -s 8M b",
             "disk limit of 8 MiB"),
    "many files": ("mkdir d; seq 51000 | (cd d; xargs touch)", "disk limit of 8 MiB"),
    "include": (
        "echo '#include \"/dev/zero\"' > a.c; cc -c a.c",
        "memory limit of 64 MiB",
    ),
    "macro": (
        "printf '#define A x x x x x x x x x x\\n' > a.c;"
        " for p in 'B A' 'C B' 'D C' 'E D' 'F E' 'G F' 'H G'; do set -- $p;"
        " echo \"#define $1 $2 $2 $2 $2 $2 $2 $2 $2 $2 $2\" >> a.c; done;"
        " echo 'H' >> a.c; cc -c a.c",
        "memory limit of 64 MiB",
    ),
}  # fmt: skip


def run(script: str, copy: Path, watched: Guard) -> sandbox.BuildResult:
    limits = sandbox.build_limits(Bounds(memory_mib=2048))
    limits.update(fsize=8 << 20, nproc=4096)
    return sandbox.run_build(["sh", "-c", script], copy, limits, 60, guard=watched)


@pytest.mark.parametrize("kernel", [False, True])
@pytest.mark.parametrize("bomb", sorted(BOMBS))
def test_a_build_that_goes_over_is_ended(
    bomb: str, kernel: bool, tmp_path: Path
) -> None:
    script, told = BOMBS[bomb]
    if kernel and cgroups.find().version == 0:
        pytest.skip("no control groups can be had here")
    copy = tmp_path / "copy"
    copy.mkdir()
    place = cgroups.find() if kernel else cgroups.Place(0)
    with cgroups.Groups(place) as groups:
        allowed = SMALL
        if bomb in ("memory", "include", "macro"):
            allowed = Bounds(memory_mib=64, disk_mib=8)
        elif bomb == "many files":  # a control group counts the kernel's inodes
            allowed = Bounds(memory_mib=512, disk_mib=8)
        watched = Guard(allowed, groups if kernel else None)
        result = run(script, copy, watched)
    assert result.limit == told and result.code != 0


def test_what_stays_within_is_left_alone(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    result = run("echo 'int main(void){return 0;}' > a.c; cc a.c", copy, Guard())
    assert result == sandbox.BuildResult(0, "", False)


def test_holes_count_as_what_a_copy_would_take(tmp_path: Path) -> None:
    with (tmp_path / "hole").open("wb") as file:
        file.truncate(1 << 30)
    assert guard.size_of(tmp_path, 1 << 40) == 1 << 30


def test_the_words_for_a_limit() -> None:
    limit = {"what": "memory", "limit": 256, "unit": "MiB"}
    assert bounds.words(limit) == "memory limit of 256 MiB"
    limit = {"what": "processes", "limit": 64, "unit": ""}
    assert bounds.words(limit) == "limit of 64 processes"
