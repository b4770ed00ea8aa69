"""Write the hand-in: one source is a FIFO, one a socket."""
import os
import pathlib
import shutil
import socket
import sys

HERE = pathlib.Path(__file__).parent
made = pathlib.Path(sys.argv[1], "team")
shutil.copytree(str(HERE), str(made), ignore=shutil.ignore_patterns("make.py"))
os.mkfifo(str(made / "helper.py"))
socket.socket(socket.AF_UNIX).bind(str(made / "other.c"))
print("team")
