"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import zipfile

with zipfile.ZipFile(sys.argv[1] + "/bomb.zip", "w", zipfile.ZIP_DEFLATED) as out:
    with out.open("zeros", "w") as file:
        for _ in range(300):
            file.write(bytes(1 << 20))
print("bomb.zip")
