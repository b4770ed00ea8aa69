"""Is every source laid out, also one that Python cannot read?"""

from __future__ import annotations

from pathlib import Path

import pytest

from grader import layout, sources

HARD = {
    "minus": "x=" + "-" * 200000 + "1",
    "attributes": "x" + ".a" * 200000,
    "calls": "f" + "()" * 100000,
    "nots": "x=" + "not " * 100000 + "1",
    "branches": "if 0: pass\n" + "elif 0: pass\n" * 50000,
    "zeros": "x = 1\0",
}


@pytest.mark.parametrize("kind", sorted(HARD))
def test_what_is_too_deep_to_read_is_passed_over(
    kind: str, tmp_path: Path
) -> None:
    (tmp_path / "hard.py").write_text(HARD[kind])
    (tmp_path / "usual.py").write_text("x = 1\nassert (x, 'told')\n")
    told = layout.python_warnings(layout.sources(tmp_path))
    assert [line.split(":")[0] for line in told] == ["usual.py"]


def test_a_name_that_begins_with_a_dot_is_a_name(tmp_path: Path) -> None:
    (tmp_path / ".pythonrc.py").write_text("import server\n")
    (tmp_path / "server.py").write_text("import socket\n")
    found, _seen = sources.scan(tmp_path)
    assert sorted(str(one.path) for one in found) == [".pythonrc.py", "server.py"]
