"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import zipfile


def zipped(name: str, data: bytes, times: int) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
        for at in range(times):
            out.writestr(name % at, data)
    return made.getvalue()


with open(sys.argv[1] + "/nested.zip", "wb") as out:
    inner = zipped("zeros-%d", bytes(20 << 20), 1)
    out.write(zipped("%d.zip", zipped("%d.zip", inner, 4), 4))
print("nested.zip")
