"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import tarfile

with tarfile.open(sys.argv[1] + "/files.tar.gz", "w:gz") as out:
    for at in range(6000):
        out.addfile(tarfile.TarInfo("d%d/f%d" % (at % 7, at)))
print("files.tar.gz")
