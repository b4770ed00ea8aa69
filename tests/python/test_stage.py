"""Does the stage look at a program's files without being led elsewhere?"""

from __future__ import annotations

import os
from pathlib import Path

from grader import stage


def test_a_file_that_was_kept_is_known(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"words")
    assert stage._content(tmp_path / "kept", 5) == b"words"
    assert stage._content(tmp_path / "kept", 4) is None
    assert stage._content(tmp_path / "missing", 4) is None


def test_neither_links_nor_pipes_are_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"words")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    os.mkfifo(str(tmp_path / "pipe"))
    # Nobody will ever write to it: a plain open would wait for ever.
    for name in ("link", "pipe", "."):
        assert stage._content(tmp_path / name, 5) is None
    assert stage._content(tmp_path / "pipe", 0) is None
