"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import tarfile

info = tarfile.TarInfo(".git/pack")
info.size = 1 << 42
with open(sys.argv[1] + "/declared.tar", "wb") as out:
    out.write(info.tobuf(tarfile.GNU_FORMAT) + bytes(1 << 20))
print("declared.tar")
