"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import struct
import sys

MANY = 1_000_000

entry = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0, 1,
                    0, 0, 0, 0, 0, 0) + b"a"  # fmt: skip
start = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 0, 0, 1, 0) + b"a"
end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF,
                  MANY * len(entry), len(start), 0)  # fmt: skip
with open(sys.argv[1] + "/entries.zip", "wb") as out:
    out.write(start)
    for _ in range(1000):
        out.write(entry * (MANY // 1000))
    out.write(end)
print("entries.zip")
