"""mngrade with some of its layers taken off: for the tests of attacks only.

    weakened.py LAYER... -- ARGUMENTS OF MNGRADE
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))


def main() -> int:
    from tests.attacks import layers

    at = sys.argv.index("--")
    wanted, sys.argv[1:] = sys.argv[1:at], sys.argv[at + 1 :]
    known = layers.known()
    for name in wanted:
        known[name]()
    from grader.__main__ import start

    return start()


if __name__ == "__main__":
    sys.exit(main())
