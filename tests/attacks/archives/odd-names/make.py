"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
ODD = (
    "-rf", "--help", "-", "--", "*", "$(touch made)", "; touch made", "a b", "\n",
    "new\nline.txt", "clear\x1b[2J\x1b[H.txt", "\u202etxt.yp", "zero\u200bwidth",
    "README", "readme", "ReadMe", "NUL", "con.txt", "readme/below", "x" * 300,
    "/".join("d" * 60), "caf\udce9", "<script>alert(1)</script>", "=1+1.csv",
)

with zipfile.ZipFile(sys.argv[1] + "/names.zip", "w") as out:
    for name in sorted(os.listdir(HERE)):
        if name.endswith(".py") and name != "make.py":
            out.write(os.path.join(HERE, name), name)
    for name in ODD:
        out.writestr(name.encode("utf-8", "replace").decode(), "nothing")
print("names.zip")
