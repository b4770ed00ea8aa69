"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import zipfile

with zipfile.ZipFile(sys.argv[1] + "/notes.zip", "w") as out:
    for at in range(900):
        out.writestr("../%d" % at + "long" * 2000, "")
print("notes.zip")
