"""Write the hand-in, with sources that are hard to read."""
import pathlib
import shutil
import sys

HERE = pathlib.Path(__file__).parent
made = pathlib.Path(sys.argv[1], "team")
shutil.copytree(str(HERE), str(made), ignore=shutil.ignore_patterns("make.py"))
HARD = {
    "minus": "x=" + "-" * 200000 + "1",
    "attributes": "x" + ".a" * 200000,
    "calls": "f" + "()" * 100000,
    "nots": "x=" + "not " * 100000 + "1",
    "brackets": "x=" + "(" * 100000 + ")" * 100000,
    "branches": "if 0: pass\n" + "elif 0: pass\n" * 50000,
    "digits": "x=" + "9" * 200000,
    "quotes": "'" * 300000,
    "comments": "/*" * 200000 + "#" * 200000,
    "spaces": "socket" + " " * 300000 + "(",
    "zeros": "import socket\n" + "\0" * 1000,
}
for name, text in HARD.items():
    for ending in (".py", ".c", ".java"):
        (made / (name + ending)).write_text(text + "\n")
print("team")
