"""Would Python 3.8 read these files?

Parses each with the grammar of 3.8, whatever Python runs this. What they use
of the library is a matter for mypy and vermin.
"""

from __future__ import annotations

import ast
import sys
from typing import Optional, Sequence

OLDEST = (3, 8)


def complaint(path: str) -> Optional[str]:
    """What is wrong with the file, as FILE:LINE: WHY."""
    with open(path, "rb") as file:
        text = file.read()
    try:
        ast.parse(text, path, feature_version=OLDEST)
    except SyntaxError as error:
        return "%s:%s: %s" % (path, error.lineno, error.msg)
    return None


def main(paths: Sequence[str]) -> int:
    found = [why for why in map(complaint, paths) if why]
    for why in found:
        print(why)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
