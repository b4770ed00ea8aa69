"""Is a class graded right: in parallel, interrupted, and again?

Real arenas, a class of five. How often a batch is killed in the middle can be
said by KILLS.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path
from typing import Any, Dict, List

import pytest

from grader import kept, report_json
from grader import grade as grading
from grader import lab as labs
from grader.gradebook import Gradebook
from tests.network.command import BAD, GOOD, PATIENCE_S, REPO, command, environment
from tests.network.command import mngrade

if not GOOD.is_dir():
    pytest.skip("a copy without the labs", allow_module_level=True)

KILLS = int(os.environ.get("KILLS", "3"))
MEMBERS = {
    "python": GOOD / "python-select",
    "c": GOOD / "c-poll",
    "turned": BAD / "reverses-order",
    "no client": BAD / "client-missing",
}
ROSTER = "name,id,team\nAda Lovelace,a1,python\nGrace Hopper,g2,c\nEve,e3,\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A class as a folder, with an archive that cannot be opened."""
    top = tmp_path_factory.mktemp("class")
    for name, source in MEMBERS.items():
        shutil.copytree(str(source), str(top / name))
        (top / name / "verdicts.yaml").unlink()
    (top / "damaged.zip").write_bytes(b"PK\x03\x04 cut off")
    return top


def batch(folder: Path, out: Path, *more: object) -> Any:
    return mngrade("batch", "order", folder, "--out", out, *more)


@pytest.fixture(scope="module")
def graded(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("out") / "made"
    done = batch(folder, out, "--jobs", 2)
    assert (done.status, done.err) == (0, "")
    assert "5 hand-ins in " in done.out and " 5/5  " in done.out
    assert "nothing to grade: damaged: damaged.zip: cannot be unpacked" in done.out
    return out


def marks(out: Path) -> Dict[str, Any]:
    """What everybody has, without when and on which machine."""
    with Gradebook(out) as book:
        return {
            mark.submission.name: (
                mark.status, mark.points, mark.pending_points,
                [(row.id, row.verdict.value, row.judged, row.reason) for row in mark.rows],
                len(book.gradings(mark.submission.number)),
            )
            for mark in book.marks()
            if mark.submission
        }  # fmt: skip


def canonical(out: Path) -> Dict[str, bytes]:
    lab = labs.load("order")
    return {
        folder.name: report_json.canonical(
            report_json.with_transcripts(grading.judge(lab, kept.read(folder)))
        )
        for folder in (out / "submissions").iterdir()
    }


def test_each_gets_what_it_must(graded: Path) -> None:
    found = marks(graded)
    assert {name: mark[:2] for name, mark in found.items()} == {
        "python": ("graded", 70.0), "c": ("graded", 70.0),
        "turned": ("graded", 60.0), "no client": ("graded", 50.0),
        "damaged": ("ungradable", 0.0),
    }  # fmt: skip
    for name in found:
        place = graded / "submissions" / name
        assert b"</html>" in (place / "report.html").read_bytes()
        assert json.loads((place / "report.json").read_text())["schema"]
    assert b"</html>" in (graded / "class.html").read_bytes()


@pytest.mark.parametrize("jobs", [1, 4, 8])
def test_any_number_of_workers_gives_the_same(
    folder: Path, graded: Path, tmp_path: Path, jobs: int
) -> None:
    batch(folder, tmp_path / "out", "--jobs", jobs)
    assert marks(tmp_path / "out") == marks(graded)
    assert canonical(tmp_path / "out") == canonical(graded)


def test_the_same_again_runs_nothing(folder: Path, graded: Path) -> None:
    before = marks(graded)
    done = batch(folder, graded)
    assert done.status == 0 and "5 unchanged" in done.out
    assert marks(graded) == before


def test_a_changed_rubric_is_judged_again_without_running(
    folder: Path, tmp_path: Path
) -> None:
    lab = tmp_path / "order"
    shutil.copytree(
        str(REPO / "labs" / "order"), str(lab),
        ignore=shutil.ignore_patterns("examples", "starter"),
    )  # fmt: skip
    out = tmp_path / "out"
    assert mngrade("batch", lab, folder, "--out", out).status == 0
    rubric = lab / "rubric.yaml"
    text = rubric.read_text()
    rubric.write_text(text.replace("  - id: tcp\n    points: 5\n", "  - id: tcp\n    points: 9\n"))
    done = mngrade("batch", lab, folder, "--out", out)
    assert "5 judged again" in done.out
    found = marks(out)
    assert found["python"][1] == 74.0 and found["python"][4] == 2
    (folder / "c" / "README").write_text("more")  # this one has to be run
    try:
        done = mngrade("batch", lab, folder, "--out", out)
    finally:
        (folder / "c" / "README").unlink()
    assert "1 graded, 4 unchanged" in done.out
    before = marks(out)["c"][4]
    done = mngrade("batch", lab, folder, "--out", out, "--judge-again")
    # It is as it was before, and that counts again.
    assert "1 graded, 4 unchanged" in done.out and marks(out)["c"][4] == before + 1


def test_killed_and_continued_it_ends_as_if_nothing_had_happened(
    folder: Path, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    chance = random.Random(KILLS)
    argv = command("batch", "order", folder, "--out", out, "--jobs", 2)
    for _ in range(KILLS):
        process = subprocess.Popen(
            argv, cwd=str(REPO), env=environment(PYTHONPATH=str(REPO)),
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            process.communicate(timeout=chance.uniform(0.3, 6))
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=PATIENCE_S)
    assert batch(folder, out).status == 0
    assert marks(out) == marks(graded)
    assert canonical(out) == canonical(graded)


def test_ctrl_c_stops_it_and_the_same_command_goes_on(
    folder: Path, graded: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    process = subprocess.Popen(
        command("batch", "order", folder, "--out", out, "--jobs", 1),
        cwd=str(REPO), env=environment(PYTHONPATH=str(REPO)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None
    lines: List[bytes] = [process.stdout.readline() for _ in range(2)]
    assert b" 1/5 " in lines[1]
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 130
    assert err == (
        b"mngrade: stopped; what was finished is kept, and the same command goes on\n"
    )
    done = batch(folder, out)
    assert re.search(r"\b[1-4] unchanged", done.out) and marks(out) == marks(graded)


def test_a_roster_says_whose_it_is(folder: Path, tmp_path: Path) -> None:
    roster = tmp_path / "roster.csv"
    roster.write_text(ROSTER)
    done = batch(folder, tmp_path / "out", "--roster", roster)
    assert "no client: whose it is was not found" in done.out
    with Gradebook(tmp_path / "out") as book:
        points = {mark.name: mark.points for mark in book.marks() if mark.student}
    assert points == {"Ada Lovelace": 70.0, "Grace Hopper": 70.0, "Eve": None}


def test_what_cannot_be_graded_is_told(folder: Path, tmp_path: Path) -> None:
    done = batch(tmp_path / "nowhere", tmp_path / "out")
    assert done.status == 2 and "no such folder or archive" in done.err
    empty = tmp_path / "empty"
    empty.mkdir()
    done = batch(empty, tmp_path / "out")
    assert done.status == 2 and "there are no submissions in it" in done.err
    roster = tmp_path / "roster.csv"
    roster.write_text("name,id\nAda,1\nGrace,1\n")
    done = batch(folder, tmp_path / "out", "--roster", roster)
    assert done.status == 2 and "roster.csv:3: " in done.err


#: Each goes over a limit, and would still do no harm if there were none.
GREEDY = {
    "memory": "taken = bytearray(b'x') * (700 << 20)\n",
    "processes": "import os, time\n"
    "if all([os.fork() for _ in range(300)]):\n    print('all there')\n"
    "else:\n    time.sleep(30)\n    os._exit(0)\n",
}  # fmt: skip


def test_who_goes_over_a_limit_costs_others_nothing(tmp_path: Path) -> None:
    top = tmp_path / "class"
    for name in ("memory", "good 1", "processes", "good 2"):
        shutil.copytree(str(GOOD / "python-select"), str(top / name))
        (top / name / "verdicts.yaml").unlink()
        server = top / name / "server.py"
        server.write_text(GREEDY.get(name, "") + server.read_text())
    done = batch(top, tmp_path / "out", "--jobs", 2)
    assert (done.status, done.err) == (0, "")
    found = marks(tmp_path / "out")
    assert {name: found[name][:2] for name in found if name not in GREEDY} == {
        "good 1": ("graded", 70.0), "good 2": ("graded", 70.0),
    }  # fmt: skip
    for name, limit in zip(sorted(GREEDY), ("memory limit of 512 MiB",
                                            "limit of 256 processes")):  # fmt: skip
        status, points, _pending, rows, _gradings = found[name]
        assert status == "graded" and points < 70.0
        assert any(limit in row[3] for row in rows), rows


def test_a_canvas_zip_goes_the_whole_way(tmp_path: Path) -> None:
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(str(path), "w") as archive:
        for source in sorted((GOOD / "python-select").glob("*.py")):
            archive.write(str(source), "doejane_7_%d_%s" % (len(source.name), source.name))
    done = batch(path, tmp_path / "out")
    assert "(canvas)" in done.out and "70 of 70 points" in done.out
