"""Writes the hand-in into the folder that is named; prints its name."""

from __future__ import annotations

import io
import sys
import zipfile

SERVER = """import socket
server = socket.socket()
server.bind(("", 12000))
server.listen(5)
server.accept()
"""

name, data = "server.py", SERVER.encode()
for _ in range(10):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as out:
        out.writestr(name, data)
    name, data = "again.zip", made.getvalue()
with open(sys.argv[1] + "/deep.zip", "wb") as file:
    file.write(data)
print("deep.zip")
