"""Does every hostile archive end within its bounds, with one clear message?"""

from __future__ import annotations

import io
import os
import re
import select
import shutil
import signal
import stat
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path
from typing import Any, Callable, Iterator, List, Tuple

import pytest
import yaml

from grader import archive, guarded, sandbox, unpack
from grader.archive import SubmissionError, stage
from grader.etc import NOBODY

ATTACKS = Path(__file__).resolve().parents[1] / "attacks" / "archives"
#: It needs all the time that there is; the limit is tested with less below.
LONG = "time-bz2"
NAMES = sorted(path.parent.name for path in ATTACKS.glob("*/make.py"))


def made(name: str, place: Path, canary: Path) -> Path:
    """What the attack's make.py writes."""
    folder = place / "attack"
    shutil.copytree(str(ATTACKS / name), str(folder))
    maker = folder / "make.py"
    text = maker.read_text(encoding="utf-8").replace("@CANARY@", str(canary))
    maker.write_text(text, encoding="utf-8")
    out = place / "made"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, str(maker), str(out)],
        check=True, stdout=subprocess.PIPE, universal_newlines=True,
    )  # fmt: skip
    return out / done.stdout.rstrip("\n")


def staged(path: Path, into: Path) -> str:
    """All that is said of it."""
    try:
        return "\n".join(stage(path, into).notes)
    except SubmissionError as error:
        assert "\n" not in str(error) and len(str(error)) < 500
        return str(error)


@pytest.mark.parametrize("name", [name for name in NAMES if name != LONG])
def test_an_attack_is_turned_down_or_left_out(name: str, tmp_path: Path) -> None:
    canary = tmp_path / "canary"
    canary.write_text("as it was")
    hand_in = made(name, tmp_path, canary)
    before = {path for path in tmp_path.rglob("*")}
    about = yaml.safe_load((ATTACKS / name / "attack.yaml").read_text("utf-8"))
    began = time.monotonic()
    told = staged(hand_in, tmp_path / "deep" / "in")
    assert time.monotonic() - began < about["bound_s"]
    for pattern in about.get("says", []):
        assert re.search(pattern, told), told
    assert canary.read_text() == "as it was"
    new = {path for path in tmp_path.rglob("*")} - before
    assert all(tmp_path / "deep" in (path, *path.parents) for path in new)
    for path in (tmp_path / "deep").rglob("*"):
        mode = path.lstat().st_mode
        assert stat.S_ISREG(mode) or stat.S_ISDIR(mode)
        assert not mode & 0o7022 and path.lstat().st_uid == os.geteuid()


def test_there_are_attacks_to_be_tried() -> None:
    assert len(NAMES) > 15 and LONG in NAMES


# ---- the child that reads ------------------------------------------------


@pytest.fixture
def zipped(tmp_path: Path) -> Path:
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("server.py", "print()")
    return path


def reader(monkeypatch: pytest.MonkeyPatch, act: Callable[[Any], None]) -> None:
    """Let the child do something else than to read."""

    def members(_file: Any, note: Any, _most: int) -> Iterator[unpack.Member]:
        act(note)
        return iter(())

    monkeypatch.setattr(unpack, "zip_members", members)


def test_a_limit_of_time_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = made(LONG, tmp_path, tmp_path / "canary")
    with zipfile.ZipFile(whole) as packed:
        one = Path(packed.extract("0.tar.bz2", str(tmp_path)))
    monkeypatch.setattr(archive, "MAX_CPU_S", 1)
    before = os.times().children_user
    with pytest.raises(SubmissionError, match="more than 1 s of processor time"):
        stage(one, tmp_path / "in")
    assert os.times().children_user - before < 3


def test_a_crash_is_the_archives(
    zipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader(monkeypatch, lambda _note: os.kill(os.getpid(), signal.SIGSEGV))
    with pytest.raises(SubmissionError, match=r"x\.zip: .*breaks its reader"):
        stage(zipped, tmp_path / "in")


def raise_mistake() -> None:
    raise SystemError("of ours")


@pytest.mark.parametrize(
    "work, expected",
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), OSError),
        (lambda: select.select([], [], []), OSError),  # until the wall's time
        (lambda: os._exit(0), RuntimeError),
        (raise_mistake, RuntimeError),
        (lambda: "x" * (guarded.MOST_ANSWER + 1), RuntimeError),
        (lambda: os.open("/proc/nothing", os.O_RDONLY), OSError),
    ],
)
def test_what_is_no_fault_of_the_archive_is_ours(
    work: Callable[[], Any], expected: type, tmp_path: Path
) -> None:
    bounds = guarded.Bounds(64 << 20, 5, 0.5, 1 << 20)
    with pytest.raises(expected):
        guarded.call(work, tmp_path, (), bounds)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # nobody is left


def test_the_child_has_few_rights_and_no_descriptors(tmp_path: Path) -> None:
    def work() -> List[Any]:
        with open("/proc/self/status", encoding="ascii") as status:
            fresh = "NoNewPrivs:\t1" in status.read()
        return [os.getcwd(), os.getuid(), fresh, os.path.exists("/proc/self/fd/%d" % fd)]

    with open(os.devnull, "rb") as secret:
        fd = secret.fileno()
        bounds = guarded.Bounds(64 << 20, 5, 30.0, 1 << 20)
        told = guarded.call(work, tmp_path, (), bounds)
    owner = NOBODY if sandbox.can_drop() else os.getuid()
    assert told == [str(tmp_path), owner, True, False]
    assert tmp_path.stat().st_uid == os.geteuid()


def test_memory_has_a_limit(tmp_path: Path) -> None:
    bounds = guarded.Bounds(64 << 20, 5, 30.0, 1 << 20)
    assert guarded.call(lambda: len(bytes(32 << 20)), tmp_path, (), bounds) == 32 << 20
    with pytest.raises(guarded.Exhausted, match="more than 64 MiB of memory"):
        guarded.call(lambda: len(bytes(1 << 30)), tmp_path, (), bounds)


# ---- what is odd, and no attack by itself ----------------------------------


def test_of_two_members_with_one_name_the_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    with tarfile.open(str(path), "w") as out:
        for text in (b"first", b"second"):
            info = tarfile.TarInfo("s.py")
            info.size = len(text)
            out.addfile(info, io.BytesIO(text))
    assert (stage(path, tmp_path / "in").folder / "s.py").read_text() == "second"


def test_modes_and_times_of_an_archive_are_tamed(tmp_path: Path) -> None:
    path = tmp_path / "x.tar"
    with tarfile.open(str(path), "w") as out:
        info = tarfile.TarInfo("run")
        info.mode, info.mtime, info.uid = 0o6777, 1 << 60, 4711
        out.addfile(info)
    found = stage(path, tmp_path / "in")
    assert (found.folder / "run").stat().st_mode & 0o7777 == 0o755
    assert found.notes == ()


POLYGLOTS: Tuple[Tuple[str, bytes], ...] = (
    ("x.zip", b"#!/bin/sh\n"), ("x.zip", b"%PDF-1.4\n"), ("x.zip", b"\0" * 600),
)  # fmt: skip


@pytest.mark.parametrize("name, before", POLYGLOTS)
def test_a_zip_behind_something_else_is_no_zip(
    name: str, before: bytes, zipped: Path, tmp_path: Path
) -> None:
    data = zipped.read_bytes()
    other = tmp_path / "other"
    other.mkdir()
    (other / name).write_bytes(before + data)
    with pytest.raises(SubmissionError, match="not an archive"):
        stage(other / name, tmp_path / "in")


def test_every_cut_of_an_archive_is_one_message(tmp_path: Path) -> None:
    source = io.BytesIO()
    with tarfile.open(fileobj=source, mode="w:gz") as out:
        info = tarfile.TarInfo("server.py")
        info.size = 300
        out.addfile(info, io.BytesIO(b"import socket\n" * 22))
    data = source.getvalue()
    for length in range(2, len(data), 7):
        path = tmp_path / "x.tgz"
        path.write_bytes(data[:length])
        told = staged(path, tmp_path / str(length))
        assert told == "" or "cannot be unpacked" in told
