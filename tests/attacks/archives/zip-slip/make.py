"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import sys
import zipfile

UP = "../" * 24

with zipfile.ZipFile(sys.argv[1] + "/slip.zip", "w") as out:
    out.writestr("README", "nothing to run")
    out.writestr(UP + "@CANARY@".lstrip("/"), "changed")
    out.writestr("a/" + UP + "@CANARY@".lstrip("/"), "changed")
    out.writestr("C:\\evil.py", "changed")
print("slip.zip")
