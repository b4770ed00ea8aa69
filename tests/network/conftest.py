"""What do the tests of arenas and networks share?"""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(REPO))

PATIENCE_S = 20.0


def eventually(condition):
    """Wait for a condition; only the bound is a time."""
    until = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < until, "this never came true"
        select.select([], [], [], 0.002)


def processes_in(namespace):
    """PIDs of the processes in a network namespace ("net:[4026...]")."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.readlink(str(entry / "ns" / "net")) == namespace:
                    found.append(int(entry.name))
            except OSError:
                pass  # it ended, or is another user's
    return found


@pytest.fixture
def grader():
    """Start a Python script as a grader of its own: Popen, stdout piped."""
    started = []

    def start(script):
        process = subprocess.Popen(
            [sys.executable, "-c", script],
            cwd=str(REPO),
            env=dict(os.environ, PYTHONPATH=str(REPO)),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            universal_newlines=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        # No reading to the end: what should have died may hold the pipes.
        process.stdout.close()
        process.stderr.close()
