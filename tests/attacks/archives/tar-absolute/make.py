"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import tarfile

with tarfile.open(sys.argv[1] + "/absolute.tar", "w") as out:
    for name in ("README", "@CANARY@"):
        info = tarfile.TarInfo(name)
        info.size = 7
        out.addfile(info, io.BytesIO(b"changed"))
print("absolute.tar")
