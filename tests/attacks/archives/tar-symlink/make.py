"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import os
import sys
import tarfile

folder, name = os.path.split("@CANARY@")
with tarfile.open(sys.argv[1] + "/link.tar.gz", "w:gz") as out:
    link = tarfile.TarInfo("way")
    link.type, link.linkname = tarfile.SYMTYPE, folder
    out.addfile(link)
    info = tarfile.TarInfo("way/" + name)
    info.size = 7
    out.addfile(info, io.BytesIO(b"changed"))
print("link.tar.gz")
