"""Does a hash change exactly where a grading could change?"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
from pathlib import Path
from typing import Callable

import pytest

from grader import gradebook_basis
from grader.gradebook_model import GradebookError


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    top = tmp_path / "tree"
    (top / "sub").mkdir(parents=True)
    (top / "a.py").write_text("print(1)\n")
    (top / "sub" / "b").write_text("two")
    (top / "link").symlink_to("a.py")
    return top


@pytest.mark.parametrize(
    "change",
    [
        lambda top: (top / "a.py").write_text("print(2)\n"),
        lambda top: (top / "a.py").rename(top / "c.py"),
        lambda top: (top / "sub" / "b").rename(top / "b"),
        lambda top: (top / "new").write_text(""),
        lambda top: (top / "new").mkdir(),
        lambda top: (top / "a.py").chmod(0o755),
        lambda top: (top / "link").unlink(),
        lambda top: [(top / "link").unlink(), (top / "link").symlink_to("sub")],
        lambda top: [(top / "link").unlink(),
                     shutil.copy(top / "a.py", top / "link")],
        lambda top: os.mkfifo(top / "pipe"),
    ],
)  # fmt: skip
def test_what_counts_changes_the_hash(
    tree: Path, change: Callable[[Path], object]
) -> None:
    before = gradebook_basis.hash_tree(tree)
    assert len(before) == 64
    change(tree)
    assert gradebook_basis.hash_tree(tree) != before


@pytest.mark.parametrize(
    "change",
    [
        lambda top: os.utime(top / "a.py", (1, 1)),
        lambda top: (top / "a.py").chmod(0o600),
        lambda top: [(top / "a.py").unlink(), (top / "a.py").write_text("print(1)\n")],
        lambda top: top.rename(top.parent / "other").rename(top),
    ],
)
def test_what_does_not_count_leaves_it(
    tree: Path, change: Callable[[Path], object]
) -> None:
    before = gradebook_basis.hash_tree(tree)
    change(tree)
    assert gradebook_basis.hash_tree(tree) == before


def test_two_trees_cannot_read_the_same(tmp_path: Path) -> None:
    """What is a name in one is content in the other."""
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one" / "ab").write_text("c")
    (tmp_path / "two" / "a").write_text("bc")
    hashes = {gradebook_basis.hash_tree(tmp_path / n) for n in ("one", "two")}
    assert len(hashes) == 2


def test_an_archive_is_what_was_put_into_it(tree: Path, tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "x.tar.gz", "w:gz") as archive:
        archive.add(tree, ".")
    shutil.copytree(tree, tmp_path / "x", symlinks=True)
    assert gradebook_basis.submission_sha256(
        [tmp_path / "x.tar.gz"]
    ) == gradebook_basis.submission_sha256([tmp_path / "x"])


def test_what_python_leaves_is_no_part_of_a_lab(tree: Path) -> None:
    before = gradebook_basis.lab_sha256(tree)
    (tree / "__pycache__").mkdir()
    (tree / "__pycache__" / "a.cpython-311.pyc").write_bytes(b"x")
    (tree / "b.pyc").write_bytes(b"x")
    assert gradebook_basis.lab_sha256(tree) == before
    (tree / "rubric.yaml").write_text("x")
    assert gradebook_basis.lab_sha256(tree) != before


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(GradebookError, match="cannot be read"):
        gradebook_basis.hash_tree(tmp_path / "nowhere")


def test_the_version_follows_what_judges(tree: Path) -> None:
    (tree / "grader").mkdir()
    (tree / "grader" / "score.py").write_text("x")
    before = gradebook_basis.version(tree)
    (tree / "grader" / "score.py").write_text("y")
    assert gradebook_basis.version(tree) != before
    assert gradebook_basis.version() == gradebook_basis.version()


def test_the_machine_is_told() -> None:
    told = json.loads(gradebook_basis.machine())
    assert told["cores"] >= 1 and told["system"] == "Linux"
    assert {"release", "machine", "python"} <= set(told)
