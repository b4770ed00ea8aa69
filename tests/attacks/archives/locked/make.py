"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import zipfile

made = io.BytesIO()
with zipfile.ZipFile(made, "w") as out:
    out.writestr("server.py", "import socket\n" * 50)
data = bytearray(made.getvalue())
for place in (6, data.index(b"PK\x01\x02") + 8):
    data[place] |= 1
with open(sys.argv[1] + "/locked.zip", "wb") as file:
    file.write(data)
print("locked.zip")
