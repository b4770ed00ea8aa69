"""Does a folder's digest tell what is in it from anything else?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict

from grader import tree


def digest(folder: Path, files: Dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tree.digest(folder)


def test_the_same_files_have_the_same_digest(tmp_path: Path) -> None:
    files = {"server.py": "a", "sub/client.py": "b"}
    one = digest(tmp_path / "one", files)
    two = digest(tmp_path / "two", dict(reversed(list(files.items()))))
    os.utime(str(tmp_path / "two" / "server.py"), (1, 1))
    assert one == two == tree.digest(tmp_path / "two")


def test_other_names_or_contents_have_another(tmp_path: Path) -> None:
    trees: Dict[str, Dict[str, str]] = {
        "usual": {"server.py": "a", "client.py": "b"},
        "exchanged": {"server.py": "b", "client.py": "a"},
        "one letter": {"server.py": "a", "client.py": "c"},
        "renamed": {"server.py": "a", "client2.py": "b"},
        "one more": {"server.py": "a", "client.py": "b", "empty": ""},
        "joined": {"server.py": "aclient.py", "b": ""},
    }
    found = {digest(tmp_path / name, files) for name, files in trees.items()}
    assert len(found) == len(trees)


def test_links_and_fifos_are_not_read(tmp_path: Path) -> None:
    one = digest(tmp_path / "one", {"server.py": "a"})
    os.symlink("/etc/passwd", str(tmp_path / "one" / "link.py"))
    os.mkfifo(str(tmp_path / "one" / "fifo.py"))
    assert tree.digest(tmp_path / "one") == one
