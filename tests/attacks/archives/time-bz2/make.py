"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import bz2
import random
import sys
import tarfile
import zipfile

BLOCK, TIMES = 899_072, 1180

words = random.Random(1)
pattern = bytes(words.randrange(256) for _ in range(997))
packed = bz2.compress((pattern * (BLOCK // 997 + 1))[:BLOCK])
info = tarfile.TarInfo(".git/pack")
info.size = BLOCK * TIMES
slow = b"".join(
    [bz2.compress(info.tobuf(tarfile.GNU_FORMAT)), packed * TIMES,
     bz2.compress(bytes(1024))]
)  # fmt: skip
with zipfile.ZipFile(sys.argv[1] + "/slow.zip", "w") as out:
    for at in range(8):
        out.writestr("%d.tar.bz2" % at, slow)
print("slow.zip")
