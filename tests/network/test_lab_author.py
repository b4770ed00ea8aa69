"""Does what a lab's author, or a student with an editor, is told to do work?

Real gradings of a lab that `mngrade new-lab` has just written.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import Iterator

import pytest

from tests.network.command import REPO, command, environment, mngrade

GUIDE = (REPO / "labs" / "README.md").read_text(encoding="utf-8")
PATIENCE_S = 30.0


@pytest.fixture
def parrot(tmp_path: Path) -> Path:
    done = mngrade("new-lab", "parrot", "--into", tmp_path)
    assert done.status == 0, done.err
    return tmp_path / "parrot"


def more_for(file: str) -> str:
    blocks = re.findall(r"^```\w+\n(# more for %s.*?)^```" % file, GUIDE, re.M | re.S)
    assert blocks
    return "\n\n" + "\n".join(blocks)


def test_a_new_lab_is_green_at_once(parrot: Path) -> None:
    done = mngrade("verify", parrot)
    assert done.status == 0, done.out
    assert done.out.endswith("3 of 3 gradings as they must be\n")


def test_a_new_lab_catches_a_broken_echo_server(parrot: Path) -> None:
    broken = parrot / "examples" / "bad" / "python-shouts"
    report = mngrade("grade", parrot, broken, "--json", "-").report
    rows = {row["id"]: row for row in report["criteria"]}
    assert rows["echoes"]["verdict"] == "partial"
    assert rows["echoes"]["evidence"] and rows["echoes"]["points"] == 20
    server = broken / "server.py"
    server.write_text(server.read_text().replace("client.sendall(data.upper())", "pass"))
    report = mngrade("grade", parrot, broken, "--json", "-").report
    verdicts = {row["id"]: row["verdict"] for row in report["criteria"]}
    assert verdicts["tcp"] == "pass"
    assert verdicts["echoes"] == verdicts["serves-again"] == "fail"


def test_the_guide_s_additions_work(parrot: Path) -> None:
    for name in ("rubric.yaml", "scenarios.py"):
        with (parrot / name).open("a", encoding="utf-8") as file:
            file.write(more_for(name))
    silent = parrot / "examples" / "bad" / "python-silent-client"
    shutil.copytree(str(parrot / "examples" / "bad" / "python-shouts"), str(silent))
    good = parrot / "examples" / "good" / "python-loop"
    shutil.copy(str(good / "server.py"), str(silent / "server.py"))
    shutil.copy(str(parrot / "starter" / "python" / "client.py"), str(silent))
    (silent / "verdicts.yaml").write_text(
        "verdicts:\n  echoes: fail\n  shows-echo: fail\n  serves-again: fail\n"
    )
    starter = parrot / "starter" / "python" / "verdicts.yaml"
    starter.write_text(starter.read_text() + "  echoes-to-anybody: fail\n")
    shouts = parrot / "examples" / "bad" / "python-shouts" / "verdicts.yaml"
    shouts.write_text(shouts.read_text().replace(
        "  echoes: partial\n", "  echoes: partial\n  echoes-to-anybody: fail\n"))
    done = mngrade("verify", parrot)
    assert done.status == 0, done.out + done.err
    report = mngrade("grade", parrot, silent, "--json", "-").report
    row = next(r for r in report["criteria"] if r["id"] == "echoes-to-anybody")
    assert row["rescued"] is True and row["points"] == 5


@pytest.mark.parametrize(
    "before, after, told",
    [
        ("run.ready_for_input(client)", "run.redy_for_input(client)",
         "AttributeError: 'Run' object has no attribute 'redy_for_input';"
         " did you mean 'ready_for_input'?"),
        ('run.start("client", host)', 'run.start("clent", host)',
         "no role 'clent'; did you mean 'client'?"),
        ('run.peer(SECOND, ', 'run.peer("h22", ',
         "no host 'h22'; did you mean 'h2'?"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_script_is_the_lab_s_and_nobody_s_points(
    parrot: Path, before: str, after: str, told: str
) -> None:
    path = parrot / "scenarios.py"
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))
    done = mngrade("grade", parrot, parrot / "examples" / "good" / "python-loop")
    assert done.status == 2 and done.out == ""
    line = text[: text.index(before)].count("\n") + 1
    assert done.err == "mngrade: %s:%d: %s\n" % (path, line, told)


# ---- watch -----------------------------------------------------------------


class Watch:
    """`mngrade watch`, and what it has written so far."""

    def __init__(self, lab: Path, path: Path) -> None:
        self._process = subprocess.Popen(
            command("watch", lab, path), cwd=str(REPO),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, env=environment(PYTHONPATH=str(REPO)),
        )  # fmt: skip

    def answer(self) -> str:
        """The next answer: all that comes until a moment of silence."""
        assert self._process.stdout
        until = time.monotonic() + PATIENCE_S
        text = b""
        quiet = 0.2  # answers are written in one piece
        while time.monotonic() < until:
            if select.select([self._process.stdout], [], [], quiet)[0]:
                piece = os.read(self._process.stdout.fileno(), 1 << 16)
                assert piece, "it ended"
                text += piece
            elif text:
                return text.decode()
        raise AssertionError("no answer")

    def interrupt(self) -> int:
        self._process.send_signal(signal.SIGINT)
        return self._process.wait(timeout=PATIENCE_S)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        assert self._process.stdout
        self._process.stdout.close()


@pytest.fixture
def watched(parrot: Path) -> Iterator[Watch]:
    watch = Watch(parrot, parrot / "examples" / "good" / "python-loop")
    yield watch
    watch.close()


def save_as_vim_does(path: Path, text: str) -> None:
    (path.parent / "4913").write_text("")
    (path.parent / "4913").unlink()
    os.rename(str(path), str(path) + "~")
    path.write_text(text)
    os.unlink(str(path) + "~")


def save_by_renaming(path: Path, text: str) -> None:
    (path.parent / ".new.tmp").write_text(text)
    os.rename(str(path.parent / ".new.tmp"), str(path))


def test_watch_tells_what_each_save_changed(parrot: Path, watched: Watch) -> None:
    server = parrot / "examples" / "good" / "python-loop" / "server.py"
    text = server.read_text()
    first = watched.answer()
    assert "90 of 90 points" in first and "serves-again" in first
    save_as_vim_does(server, text.replace("sendall(data)", "sendall(data.upper())"))
    lost = watched.answer().splitlines()
    assert "90 -> 70 of 90 points" in lost[0]
    assert "echoes  pass -> partial  40 -> 20 points" in lost[1]
    assert [line for line in lost if "expected" in line]
    assert [line for line in lost if "seen" in line]
    assert not [line for line in lost if "serves-again" in line]
    save_by_renaming(server, text)
    back = watched.answer().splitlines()
    assert "70 -> 90 of 90 points" in back[0] and len(back) == 2
    server.write_text(text + "# a comment\n")
    same = watched.answer().splitlines()
    assert len(same) == 1 and "no change: 90 of 90 points" in same[0]
    assert watched.interrupt() == 0


def test_watch_goes_on_when_the_programs_are_gone(parrot: Path, watched: Watch) -> None:
    folder = parrot / "examples" / "good" / "python-loop"
    watched.answer()
    shutil.move(str(folder), str(parrot / "aside"))
    gone = watched.answer()
    assert "could not be graded" in gone and "python-loop" in gone
    shutil.move(str(parrot / "aside"), str(folder))
    assert "90 of 90 points" in watched.answer()
    assert watched.interrupt() == 0
