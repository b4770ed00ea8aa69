"""Does a notebook, whatever it holds, become files of its folder and no fault?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from grader import notebooks


def written(folder: Path, *cells: Any) -> "list[str]":
    """The files that the cells become, each a server's."""
    document = {"cells": [{"cell_type": "code", "source": cell} for cell in cells]}
    (folder / "hw.ipynb").write_text(json.dumps(document))
    notebooks.unpack(folder, lambda _code: "server", ["server"])
    return sorted(
        str(path.relative_to(folder)) for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".ipynb"
    )  # fmt: skip


@pytest.mark.parametrize("name", ["..", "/", ".", "//", "''", "../..", "a/.."])
def test_a_cell_cannot_write_to_no_file(tmp_path: Path, name: str) -> None:
    assert written(tmp_path, "%%writefile " + name + "\nx = 1\n") == ["hw.py"]


@pytest.mark.parametrize("name", ["/etc/x.py", "../../x.py", "a/b/x.py"])
def test_a_cell_writes_beside_the_notebook(tmp_path: Path, name: str) -> None:
    found = written(tmp_path, "%%writefile " + name + "\nx = 1\n")
    assert found == ["hw.py", "x.py"]


@pytest.mark.parametrize("name", ["x\0.py", "n" * 300, "\ud800"])
def test_a_name_that_no_file_can_have_is_left_out(tmp_path: Path, name: str) -> None:
    assert written(tmp_path, "%%file " + name + "\nx = 1\n") == ["hw.py"]


def test_half_a_letter_is_no_fault(tmp_path: Path) -> None:
    assert written(tmp_path, "x = '\ud800'") == ["hw.py"]
    assert (tmp_path / "hw.py").read_text("utf-8").startswith("x = '?'")


def test_a_file_that_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "hw.py").write_text("mine")
    written(tmp_path, "x = 1")
    assert (tmp_path / "hw.py").read_text() == "mine"
