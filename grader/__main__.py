"""The command line: `mngrade`, or `python3 -m grader`."""

from __future__ import annotations

import signal
import sys


def start() -> int:
    """Run the command line of this process; returns the exit status."""
    # As long as there is nothing to clear up, Ctrl-C may end Python at once:
    # an exception in the middle of an import would be shown as a failure.
    usual = signal.getsignal(signal.SIGINT)
    stoppable = usual is signal.default_int_handler
    if stoppable:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from grader.cli import main

    if stoppable:
        signal.signal(signal.SIGINT, usual)
    return main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(start())
