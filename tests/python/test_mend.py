"""Do sources that were only saved oddly become readable, and no others?"""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Tuple

import pytest

from grader.mend import mend

TEXT = "x = 'caf\xe9'\n"
#: Name, content, what becomes of it; None: it stays.
FILES: List[Tuple[str, bytes, Optional[bytes]]] = [
    ("a.py", TEXT.encode("utf-16"), TEXT.encode()),
    ("a.c", "int a;\n".encode("utf-16-le"), None),  # nothing marks it
    ("b.py", TEXT.encode("latin-1"), TEXT.encode()),
    ("c.py", b"# -*- coding: latin-1 -*-\n" + TEXT.encode("latin-1"), None),
    ("d.py", "x = '\x93smart\x94'\n".encode("latin-1"), "x = '“smart”'\n".encode()),
    ("E.java", b"\xef\xbb\xbfclass E {}\n", b"class E {}\n"),
    ("f.py", b"\xef\xbb\xbfx = 1\r\n", None),  # Python reads it
    ("g.c", b"#include <a.h>\rint x;\r", b"#include <a.h>\nint x;\n"),
    ("h.c", b"int x;\r\n", None),
    ("i.c", b"// caf\xe9\n", None),  # a compiler of C does not mind
    ("Makefile", b"all:\r\n\tcc x.c\r\n", b"all:\n\tcc x.c\n"),
    ("build.sh", b"cc x.c\r\n", b"cc x.c\n"),
    ("notes.txt", TEXT.encode("utf-16"), None),
    ("picture.png", b"\xff\xfe\0\0", None),
]


@pytest.mark.parametrize("name,before,after", FILES, ids=[one[0] for one in FILES])
def test_a_file_is_mended_or_left_alone(
    tmp_path: Path, name: str, before: bytes, after: Optional[bytes]
) -> None:
    (tmp_path / name).write_bytes(before)
    notes = mend(tmp_path)
    assert (tmp_path / name).read_bytes() == (before if after is None else after)
    assert [note.split(":")[0] for note in notes] == ([] if after is None else [name])
    assert mend(tmp_path) == ()  # once is enough
