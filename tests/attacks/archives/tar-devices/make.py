"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import tarfile

with tarfile.open(sys.argv[1] + "/devices.tar", "w") as out:
    for name, kind in (
        ("server.py", tarfile.FIFOTYPE), ("client.py", tarfile.CHRTYPE),
        ("disk", tarfile.BLKTYPE),
    ):
        info = tarfile.TarInfo(name)
        info.type, info.mode = kind, 0o666
        info.devmajor, info.devminor = 1, 5  # /dev/zero
        out.addfile(info)
print("devices.tar")
