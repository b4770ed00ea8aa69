"""Write the hand-in: the server is a link out of it."""
import os
import pathlib
import sys

made = pathlib.Path(sys.argv[1], "team")
made.mkdir()
os.symlink("@CANARY@", str(made / "server.py"))
os.symlink("@CANARY@", str(made / "notes.c"))
os.symlink(os.path.dirname("@CANARY@"), str(made / "folder"))
print("team")
