"""Does a gradebook keep what it was told, whatever happens around it?

Processes are killed, disks are full, many write at once. What was said to be
kept must be there, and the file must be whole.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import List, Tuple

import made_up_book
import pytest
from made_up_book import BASIS, WHO, by_id, full_book, hand_in

from grader import gradebook_file, gradebook_schema
from grader.gradebook import NAME, Gradebook
from grader.gradebook_model import GradebookError, Student
from grader.model import Verdict

ROOT = Path(__file__).resolve().parents[2]
PATHS = "import sys; sys.path[:0] = %r\n" % (
    [str(ROOT), str(ROOT / "tests" / "python")],
)
PRELUDE = PATHS + """
from pathlib import Path
from grader.gradebook import Gradebook
from grader.gradebook_model import GradebookError, Student
from made_up_book import BASIS, WHO, graded
path, me = Path(sys.argv[1]), sys.argv[2]
"""
TIME_S = 120  # for a process that hangs


def start(script: str, path: Path, me: str = "1") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(path), me],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def is_whole(path: Path) -> bool:
    raw = sqlite3.connect(str(path))
    try:
        checks = raw.execute("PRAGMA integrity_check").fetchall()
        keys = raw.execute("PRAGMA foreign_key_check").fetchall()
        return checks == [("ok",)] and not keys
    finally:
        raw.close()


# ---- opening ---------------------------------------------------------------


def test_a_book_is_for_its_owner_alone(tmp_path: Path) -> None:
    with Gradebook(tmp_path / "book") as made:
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o600


def test_a_folder_has_its_book_by_a_fixed_name(tmp_path: Path) -> None:
    with Gradebook(tmp_path) as made:
        assert made.path == tmp_path / NAME


def test_what_is_not_there_is_not_made_unasked(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="no gradebook at"):
        Gradebook(tmp_path / "book", create=False)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", [b"no database at all, only words", b"PK\x03\x04" + b"x" * 5000]
)
def test_another_file_is_refused_and_left_alone(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "book"
    path.write_bytes(content)
    with pytest.raises(GradebookError, match="is no gradebook"):
        Gradebook(path)
    assert path.read_bytes() == content


def test_another_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "book"
    raw = sqlite3.connect(str(path))
    raw.execute("CREATE TABLE entry (x)")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(GradebookError, match="of something else"):
        Gradebook(path)
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="No such file"):
        Gradebook(tmp_path / "nowhere" / "book")


# ---- versions --------------------------------------------------------------


def test_an_older_book_is_brought_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_book(tmp_path).close()
    step = "CREATE TABLE extra (x);\nINSERT INTO extra VALUES (';');\n"
    monkeypatch.setattr(
        gradebook_file, "STEPS", gradebook_schema.STEPS + [step]
    )
    with Gradebook(tmp_path) as made:
        assert by_id(made, "4711").points == 66.25
        raw = sqlite3.connect(str(made.path))
        assert raw.execute("SELECT x FROM extra").fetchall() == [(";",)]
        assert raw.execute("PRAGMA user_version").fetchone() == (2,)
        raw.close()


def test_a_step_that_fails_leaves_the_version_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_book(tmp_path).close()
    step = "CREATE TABLE extra (x);\nINSERT INTO nowhere VALUES (1);\n"
    with monkeypatch.context() as patch:
        patch.setattr(gradebook_file, "STEPS", gradebook_schema.STEPS + [step])
        with pytest.raises(GradebookError, match="nowhere"):
            Gradebook(tmp_path)
    with Gradebook(tmp_path) as made:
        assert by_id(made, "4711").points == 66.25
        raw = sqlite3.connect(str(made.path))
        assert raw.execute("PRAGMA user_version").fetchone() == (1,)
        raw.close()


def test_a_newer_book_is_refused(tmp_path: Path) -> None:
    full_book(tmp_path).close()
    raw = sqlite3.connect(str(tmp_path / NAME))
    raw.execute("PRAGMA user_version = 9")
    raw.close()
    with pytest.raises(GradebookError, match="newer mngrade.*version 9"):
        Gradebook(tmp_path)


def test_wal_is_used_where_processes_share_memory_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mode(name: str) -> str:
        with Gradebook(tmp_path / name):
            raw = sqlite3.connect(str(tmp_path / name))
            found = raw.execute("PRAGMA journal_mode").fetchone()[0]
            raw.close()
            return str(found)

    assert mode("here") == "wal"
    monkeypatch.setattr(gradebook_file, "_filesystem", lambda path: "nfs4")
    assert mode("there") == "delete"


# ---- many at once ----------------------------------------------------------

WRITER = """
with Gradebook(path) as book:
    number = book.submissions()[0].number
    for at in range(15):
        book.comment(number, "%s/%d" % (me, at), "writer " + me)
        book.decide(number, "order", at, "writer " + me)
"""
BATCH = """
with Gradebook(path) as book:
    for at in range(15):
        with book.transaction():
            student = Student("b%d" % at, "of the batch")
            book.add_student(student, "batch")
            number = book.add_submission("order", "b%d" % at, (student.id,))
            book.add_grading(number, graded(), BASIS)
"""


def test_ten_writers_and_a_batch_lose_nothing(tmp_path: Path) -> None:
    with made_up_book.book(tmp_path) as made:
        number = hand_in(made, "team1", "4711", "4712")
        made.add_grading(number, made_up_book.report(
            ("order", 30, Verdict.MANUAL, 0)), BASIS)  # fmt: skip
        before = len(made.history())
        running = [start(WRITER, made.path, str(n)) for n in range(10)]
        running.append(start(BATCH, made.path))
        assert [p.wait(TIME_S) for p in running] == [0] * 11
        texts = {c.text for c in by_id(made, "4711").comments}
        assert texts == {"%d/%d" % (n, at) for n in range(10) for at in range(15)}
        decided = [e for e in made.history() if e.kind == "points"]
        assert len(decided) == 150
        # Each names the one before it: nobody decided on what was not there.
        assert [e.supersedes for e in decided] == [None] + [
            e.entry for e in decided[:-1]
        ]
        assert len(made.students()) == 4 + 15
        assert all(by_id(made, "b%d" % n).points == 66.25 for n in range(15))
        assert len(made.history()) == before + 300 + 45
    assert is_whole(tmp_path / NAME)


def test_many_may_make_a_new_book_at_once(tmp_path: Path) -> None:
    script = "Gradebook(path).add_student(Student(me, me), WHO)"
    running = [start(script, tmp_path / "new", str(n)) for n in range(10)]
    assert [p.wait(TIME_S) for p in running] == [0] * 10
    with Gradebook(tmp_path / "new") as made:
        assert {s.id for s in made.students()} == {str(n) for n in range(10)}


def test_a_writer_that_never_ends_is_told(tmp_path: Path) -> None:
    with full_book(tmp_path) as made, Gradebook(tmp_path, busy_s=0.05) as other:
        with made.transaction():
            with pytest.raises(GradebookError, match="another process"):
                other.add_student(Student("x"), WHO)
            assert len(other.students()) == 4  # who reads need not wait


# ---- what kills ------------------------------------------------------------

ENDLESS = """
with Gradebook(path) as book:
    number = book.submissions()[0].number
    while True:
        entry = book.comment(number, "x" * 3000, WHO)
        print(entry, flush=True)
"""


@pytest.mark.parametrize("after", [1, 2, 7, 40])
def test_who_is_killed_loses_nothing_that_was_kept(
    tmp_path: Path, after: int
) -> None:
    full_book(tmp_path).close()
    running = start(ENDLESS, tmp_path / NAME)
    assert running.stdout is not None
    kept = [int(running.stdout.readline()) for _ in range(after)]
    running.send_signal(signal.SIGKILL)
    kept += [int(line) for line in running.stdout.read().split()]
    running.wait(TIME_S)
    assert is_whole(tmp_path / NAME)
    with Gradebook(tmp_path) as made:
        there = {e.entry for e in made.history()}
        assert set(kept) <= there
        # At most the one that was kept and not yet told.
        comments = {e.entry for e in made.history() if e.kind == "comment"}
        assert len(comments - set(kept)) <= 1
        made.comment(made.submissions()[0].number, "goes on", WHO)


IN_THE_MIDDLE = """
import os, signal
with Gradebook(path) as book, book.transaction():
    book.add_student(Student("half"), WHO)
    number = book.add_submission("order", "half", ("half",))
    book.add_grading(number, graded(), BASIS)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_who_is_killed_in_a_transaction_leaves_nothing_of_it(
    tmp_path: Path,
) -> None:
    with full_book(tmp_path) as made:
        before = made.history()
        running = start(IN_THE_MIDDLE, made.path)
        assert running.wait(TIME_S) == -signal.SIGKILL
        assert made.history() == before
        made.add_student(Student("whole"), WHO)  # no lock is left behind
    assert is_whole(tmp_path / NAME)


# Writes until there is no room; then says which entries were kept, whether
# the book still reads, and whether it goes on when there is room again.
FULL = """
kept = []
book = Gradebook(path)
number = book.add_submission("order", "x")
try:
    while True:
        kept.append(book.comment(number, "x" * 3000, WHO))
except GradebookError as error:
    print(error)
reading = {e.entry for e in book.history()}
print("kept", len(kept) > 3, set(kept) <= reading)
make_room()
kept.append(book.comment(number, "goes on", WHO))
book.close()
with Gradebook(path) as again:
    found = [e.entry for e in again.history() if e.kind == "comment"]
    print("again", found == kept)
"""
LIMIT = """
import resource
def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))
def make_room():
    limit(resource.RLIM_INFINITY)
limit(300_000)
"""
BALLAST = """
ballast = path.parent / "ballast"
ballast.write_bytes(b"x" * 200_000)
def make_room():
    ballast.unlink()
"""


def finished(running: "subprocess.Popen[str]") -> Tuple[List[str], int]:
    out, _err = running.communicate(timeout=TIME_S)
    return out.splitlines(), running.returncode


def test_a_file_that_may_not_grow_loses_nothing(tmp_path: Path) -> None:
    lines, status = finished(start(LIMIT + FULL, tmp_path / "book"))
    assert status == 0, lines
    assert "nothing of this was written" in lines[0]
    assert lines[1:] == ["kept True True", "again True"]
    assert is_whole(tmp_path / "book")


def in_namespace(script: str, place: Path, size: str) -> Tuple[List[str], int]:
    """Run a script on a small file system of its own, or skip the test."""
    shell = (
        'mount -t tmpfs -o size=%s tmpfs "$1" && shift && exec "$@"' % size
    )
    command = ["unshare", "--user", "--map-root-user", "--mount"]
    if subprocess.run(command + ["true"], check=False).returncode:
        pytest.skip("this kernel allows no user namespaces")
    running = subprocess.Popen(
        command + ["sh", "-c", shell, "sh", str(place), sys.executable, "-c",
                   PRELUDE + script, str(place / "book"), "1"],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return finished(running)


def test_a_full_disk_loses_nothing(tmp_path: Path) -> None:
    lines, status = in_namespace(BALLAST + FULL, tmp_path, "700k")
    assert status == 0, lines
    assert "the disk is full" in lines[0]
    assert lines[1:] == ["kept True True", "again True"]


READ_ONLY = """
import subprocess
with Gradebook(path) as book:
    book.add_student(Student("s"), WHO)
subprocess.run(["mount", "-o", "remount,ro", str(path.parent)], check=True)
with Gradebook(path, create=False) as book:
    print([s.id for s in book.students()])
    try:
        book.add_student(Student("t"), WHO)
    except GradebookError as error:
        print(error)
"""


def test_a_disk_that_cannot_be_written_is_read(tmp_path: Path) -> None:
    lines, status = in_namespace(READ_ONLY, tmp_path, "2m")
    assert status == 0, lines
    assert lines[0] == "['s']"
    assert "it cannot be written to" in lines[1]


def test_nothing_is_left_beside_a_closed_book(tmp_path: Path) -> None:
    full_book(tmp_path).close()
    assert os.listdir(tmp_path) == [NAME]
