"""Prints a hundred megabytes without the end of a line."""

import sys


def attack() -> None:
    for _ in range(100):
        sys.stdout.write("<b>" * 349_525)
    sys.stdout.write("\n")
    sys.stdout.flush()
