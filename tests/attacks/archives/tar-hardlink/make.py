"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import tarfile

with tarfile.open(sys.argv[1] + "/hard.tar", "w") as out:
    link = tarfile.TarInfo("notes.txt")
    link.type, link.linkname = tarfile.LNKTYPE, "@CANARY@"
    out.addfile(link)
    info = tarfile.TarInfo("notes.txt")
    info.size = 7
    out.addfile(info, io.BytesIO(b"changed"))
print("hard.tar")
