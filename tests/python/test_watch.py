"""Is every save noticed once, and only what it changed told?"""

from __future__ import annotations

import os
import select
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, Iterator, List, Tuple

import made_up
import pytest

from grader import archive, changes, grade, watch
from grader.changes import Changes
from grader.model import Finding, Insight, Report, Verdict
from grader.words import Style

STYLE = Style(width=80)


# ---- what is told ------------------------------------------------------------


def with_row(report: Report, at: int, finding: Finding, points: float) -> Report:
    rows = list(report.rows)
    rows[at] = replace(rows[at], finding=finding, points=points)
    return replace(report, rows=tuple(rows))


def passing(report: Report) -> Report:
    for at, row in enumerate(report.rows):
        if row.finding.verdict is not Verdict.MANUAL:
            finding = Finding(Verdict.PASS, "fine")
            report = with_row(report, at, finding, row.criterion.points)
    return replace(report, insights=(), status="graded", problem="")


LOST = Finding(Verdict.FAIL, "it does not", expected="A\x1b[2J", seen="B")


def test_the_first_answer_has_every_criterion() -> None:
    report = made_up.report()
    text = "\n".join(watch.first(report, STYLE))
    for row in report.rows:
        assert row.criterion.id in text
    assert "points" in text.split("\n")[0]


def test_where_nothing_changed_one_line_says_so() -> None:
    report = passing(made_up.report())
    again = replace(report, elapsed_s=9.0)
    lines = watch.changed(report, again, STYLE)
    assert len(lines) == 1 and lines[0].startswith("no change: ")


def test_a_new_loss_is_told_with_what_was_expected_and_seen() -> None:
    before = passing(made_up.report())
    after = with_row(before, 1, LOST, 0)
    lines = watch.changed(before, after, STYLE)
    points = before.rows[1].criterion.points
    assert "%g -> %g of" % (before.points, before.points - points) in lines[0]
    text = "\n".join(lines)
    assert before.rows[1].criterion.id + "  pass -> fail" in text
    assert "expected  A\\x1b[2J" in text and "seen      B" in text
    for row in before.rows[2:] + before.rows[:1]:
        assert row.criterion.id not in text


def test_a_loss_that_is_mended_is_one_line() -> None:
    mended = passing(made_up.report())
    lines = watch.changed(with_row(mended, 1, LOST, 0), mended, STYLE)
    assert len(lines) == 2 and "fail -> pass" in lines[1]


def test_another_reason_is_news_and_another_sight_is_not() -> None:
    base = passing(made_up.report())
    before = with_row(base, 1, LOST, 0)
    other = with_row(base, 1, replace(LOST, seen="C"), 0)
    assert watch.changed(before, other, STYLE)[0].startswith("no change")
    other = with_row(base, 1, replace(LOST, reason="in another way"), 0)
    assert "in another way" in "\n".join(watch.changed(before, other, STYLE))


def test_insights_come_and_go() -> None:
    before = passing(made_up.report())
    after = replace(before, insights=(Insight("busy-wait", "it spins"),))
    told = "\n".join(watch.changed(before, after, STYLE))
    assert "it spins (busy-wait)" in told
    assert "no longer: busy-wait" in "\n".join(watch.changed(after, before, STYLE))
    assert watch.changed(after, after, STYLE)[0].startswith("no change")


def test_what_cannot_be_run_at_all_is_told() -> None:
    before = passing(made_up.report())
    after = replace(before, status="ungradable", problem="no server was found")
    told = "\n".join(watch.changed(before, after, STYLE))
    assert "ungradable" in told and "no server was found" in told


# ---- the loop ------------------------------------------------------------------


@pytest.fixture
def gradings(monkeypatch: pytest.MonkeyPatch) -> List[Any]:
    """Results of gradings to come, in their order; then Ctrl-C."""
    results: List[Any] = []

    def give(order: grade.Order) -> Report:
        if not results:
            raise KeyboardInterrupt
        result = results.pop(0)
        Path(order.paths[0], "server.py").write_text("# %d left\n" % len(results))
        if isinstance(result, Exception):
            raise result
        return result  # type: ignore

    monkeypatch.setattr(watch, "grade", give)
    return results


def told_by(gradings: List[Any], folder: Path) -> List[str]:
    told: List[str] = []
    order: Any = grade.Order(None, (folder,), 1)  # type: ignore
    watch.watch(order, STYLE, told.append)
    assert told.pop() == "\n"  # the line after ^C
    return told


def test_a_save_during_a_grading_is_graded_too(
    gradings: List[Any], tmp_path: Path
) -> None:
    report = passing(made_up.report())
    gradings += [report, with_row(report, 1, LOST, 0), report]
    told = told_by(gradings, tmp_path)
    assert len(told) == 3
    assert "pass -> fail" in told[1] and "fail -> pass" in told[2]


def test_a_grading_that_fails_is_told_and_the_next_compares_with_the_last(
    gradings: List[Any], tmp_path: Path
) -> None:
    report = passing(made_up.report())
    gradings += [report, archive.SubmissionError("it is\x1b gone"), report]
    told = told_by(gradings, tmp_path)
    assert "could not be graded: it is\\x1b gone" in told[1]
    assert "no change" in told[2]


# ---- noticing ------------------------------------------------------------------

#: A save that is only found after so long was not told by the kernel.
LATE_S = 20.0


@pytest.fixture(params=["inotify", "looking"])
def watched(
    request: pytest.FixtureRequest, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Tuple[Path, Changes]]:  # fmt: skip
    (tmp_path / "inner").mkdir()
    (tmp_path / "server.py").write_text("one\n")
    (tmp_path / "inner" / "client.py").write_text("one\n")
    if request.param == "looking":
        monkeypatch.setattr(Changes, "_follow", lambda self: None)
        monkeypatch.setattr(changes, "LOOK_S", 0.05)
    else:
        # Only the kernel's word can end a wait in time.
        monkeypatch.setattr(changes, "LOOK_S", LATE_S)
    with Changes(tmp_path) as made:
        yield tmp_path, made


SAVES: List[Callable[[Path], Any]] = [
    lambda top: (top / "server.py").write_text("two\n"),
    lambda top: (top / "inner" / "client.py").write_text("two\n"),
    lambda top: (top / "server.py").unlink(),
    lambda top: (top / "new.py").write_text(""),
    lambda top: os.rename(str(top / "server.py"), str(top / "other.py")),
    lambda top: os.utime(str(top / "server.py"), (1, 1)),
    lambda top: os.rename(str(top / "inner"), str(top / "outer")),
]


@pytest.mark.parametrize("save", SAVES)
def test_a_save_ends_the_wait(
    watched: Tuple[Path, Changes], save: Callable[[Path], Any]
) -> None:
    folder, made = watched
    assert not made.look()
    save(folder)
    began = time.monotonic()
    made.wait()
    assert time.monotonic() - began < LATE_S
    assert not made.look()


def test_a_folder_that_is_new_is_watched_too(
    watched: Tuple[Path, Changes]
) -> None:
    folder, made = watched
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "a.py").write_text("")
    made.wait()
    (folder / "deep" / "er" / "a.py").write_text("more\n")
    made.wait()
    assert not made.look()


@pytest.mark.parametrize(
    "name", [".server.py.swp", "server.py~", "4913", ".#server.py", "x.pyc",
             "save.tmp", "__pycache__/server.pyc", ".git/index"],
)  # fmt: skip
def test_what_an_editor_or_python_leaves_is_no_save(
    watched: Tuple[Path, Changes], name: str
) -> None:
    folder, made = watched
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("x")
    assert not made.look()


def test_one_file_can_be_watched(tmp_path: Path) -> None:
    path = tmp_path / "hand-in.zip"
    path.write_text("one")
    with Changes(path) as made:
        (tmp_path / "other").write_text("")
        assert not made.look()
        fresh = tmp_path / "fresh"
        fresh.write_text("another")
        os.rename(str(fresh), str(path))
        made.wait()


def test_a_wait_can_be_interrupted(watched: Tuple[Path, Changes]) -> None:
    _folder, made = watched
    # Tests that run in the background have Ctrl-C ignored, and would wait.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    ours, theirs = os.pipe()
    main = os.getpid()
    child = os.fork()
    if child == 0:  # presses Ctrl-C when the wait has begun
        select.select([ours], [], [])
        os.kill(main, signal.SIGINT)
        os._exit(0)
    with pytest.raises(KeyboardInterrupt):
        os.write(theirs, b"!")
        made.wait()
    signal.signal(signal.SIGINT, usual)
    os.waitpid(child, 0)
    os.close(ours)
    os.close(theirs)


def test_nothing_stays_open_afterwards(tmp_path: Path) -> None:
    before = sorted(os.listdir("/proc/self/fd"))
    with Changes(tmp_path):
        assert len(os.listdir("/proc/self/fd")) > len(before)
    assert sorted(os.listdir("/proc/self/fd")) == before
