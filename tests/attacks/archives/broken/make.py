"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import zipfile

made = io.BytesIO()
with zipfile.ZipFile(made, "w") as out:
    out.writestr("server.py", "import socket\n" * 50)
data = made.getvalue().replace(b"socket\n", b"sockets", 1)
with open(sys.argv[1] + "/broken.zip", "wb") as file:
    file.write(data)
print("broken.zip")
