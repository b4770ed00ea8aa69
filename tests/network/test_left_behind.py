"""Is everything gone when the grader is gone, however it went?

Each grading runs alone in a PID namespace and a network namespace, with a
folder for temporary files of its own. Whatever is in them afterwards was left
behind.
"""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Dict, List

import pytest

from tests.network.command import (
    AS_NOBODY,
    BAD,
    GOOD,
    NOBODY,
    PATIENCE_S,
    REPO,
    command,
    environment,
)

if not GOOD.is_dir():
    # The arenas' tests run once more as nobody, in a copy of their own.
    pytest.skip("a copy without the labs", allow_module_level=True)

ALONE = Path(__file__).with_name("alone.py")
#: One with programs that run for a while, in threads, and one that spins.
SUBMISSION, SPINNING = BAD / "reverses-order", BAD / "busy-wait"
#: Fixed moments, so that a failure can be seen again.
DICE = random.Random(3)
KILLS = [round(DICE.uniform(0.02, 1.0), 3) for _ in range(10)]


def opened(place: Path) -> Path:
    """A folder for temporary files, into which anybody may write."""
    place.chmod(0o777)
    for part in list(place.parents)[:3]:
        if part.owner() == place.owner() and part != Path("/tmp"):
            part.chmod(part.stat().st_mode | 0o011)
    return place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "t"
    place.mkdir()
    return opened(place)


def left_behind(
    folder: Path, argv: List[str], number: int = 0, after: float = 0.0
) -> Dict[str, Any]:
    """Run a command alone, end it with a signal, and look what is left."""
    user = [] if os.geteuid() == 0 else ["--user", "--map-root-user"]
    done = subprocess.run(
        ["unshare", *user, "--pid", "--fork", "--kill-child", "--mount-proc",
         "--net", sys.executable, str(ALONE), str(number), str(after),
         str(folder), *argv],
        cwd=str(REPO), env=environment(PYTHONPATH=str(REPO)),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    left: Dict[str, Any] = json.loads(done.stdout)
    left["err"] = done.stderr.decode()
    assert left["processes"] == [], left
    assert left["files"] == [], left
    assert left["interfaces"] == ["lo"], left
    assert left["mounts"] == 0, left
    assert "Traceback" not in left["err"], left["err"]
    return left


def grading(*argv: object) -> List[str]:
    return command("grade", "order", *argv)


@pytest.fixture(scope="module")
def length(tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long a grading takes here and now: what ends it must come within."""
    place = opened(tmp_path_factory.mktemp("length"))
    began = time.monotonic()
    left = left_behind(place, grading(SUBMISSION))
    assert left["status"] == 1 and not left["seen"], left["err"]
    return time.monotonic() - began


# ---- it ends by itself -----------------------------------------------------


@pytest.mark.parametrize(
    "argv, status",
    [
        (grading(GOOD / "c-poll"), 0),
        (grading(BAD / "c-does-not-compile"), 1),
        (grading(REPO / "topologies"), 3),
        (grading(REPO / "no-such-path"), 2),
        (command("doctor"), 0),
    ],
)
def test_nothing_is_left_when_it_ends(
    folder: Path, argv: List[str], status: int
) -> None:
    left = left_behind(folder, argv)
    assert left["status"] == status, left["err"]


def test_nothing_is_left_when_labrun_is_missing(
    folder: Path, tmp_path: Path
) -> None:
    env = ["env", "MNGRADE_BIN=%s" % tmp_path]
    left = left_behind(folder, env + grading(GOOD / "c-poll"))
    assert left["status"] == 3, left["err"]


# ---- it is ended -----------------------------------------------------------


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_is_left_when_the_user_stops_it(
    folder: Path, length: float, number: int, share: float
) -> None:
    for _ in range(8):  # it may be quicker than it was before
        left = left_behind(folder, grading(SUBMISSION), number, share * length)
        if left["interrupted"]:
            break
        share /= 2
    assert left["interrupted"]
    if number == signal.SIGINT:
        # Python itself ends by the signal where that came in an import.
        assert left["status"] in (130, -signal.SIGINT)
        assert left["err"] in ("mngrade: stopped\n", "")
    else:
        assert left["status"] in (-signal.SIGTERM, 128 + signal.SIGTERM)


@pytest.mark.parametrize("share", KILLS)
def test_nothing_is_left_when_it_is_killed(
    folder: Path, length: float, share: float
) -> None:
    left = left_behind(
        folder, grading(SUBMISSION), signal.SIGKILL, share * length
    )
    assert left["interrupted"] == (left["status"] == -signal.SIGKILL)


def test_programs_were_running_when_it_was_killed(
    folder: Path, length: float
) -> None:
    """Or the tests above would show nothing."""
    for share in (0.5, 0.6, 0.7, 0.4):
        left = left_behind(
            folder, grading(SPINNING), signal.SIGKILL, share * length
        )
        if any("server.py" in process for process in left["seen"]):
            assert any("labrun" in process for process in left["seen"])
            return
    pytest.fail("no program of the submission was ever seen: %s" % left)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.7])
def test_an_ordinary_user_leaves_nothing_either(
    folder: Path, length: float, share: float
) -> None:
    if os.geteuid() != 0:
        pytest.skip("we are an ordinary user: every test here shows it")
    argv = AS_NOBODY + grading(SUBMISSION)
    os.chown(str(folder), NOBODY, NOBODY)
    left_behind(folder, argv, signal.SIGKILL, share * length)
