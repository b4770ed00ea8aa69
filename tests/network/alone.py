"""What does a command leave behind when it ends, or is ended?

Runs as process 1 of a PID namespace and in a network namespace of its own, so
that everything in them is the command's. Ends the command as it is told,
waits until nothing is left or the time is up, and prints what is left as
JSON. A program of its own: it imports nothing of ours.

    alone.py SIGNAL AFTER FOLDER COMMAND...

SIGNAL is a number, 0 for none; AFTER is when, in seconds; FOLDER is TMPDIR.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time

PATIENCE_S = 10.0


def processes():
    """Command lines of all processes but this one."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open("/proc/%s/cmdline" % name, "rb") as file:
                    line = file.read().replace(b"\0", b" ")
                with open("/proc/%s/stat" % name, encoding="ascii") as file:
                    state = file.read().rpartition(")")[2].split()[0]
            except OSError:
                continue
            found.append("%s %s %s" % (name, state, line.decode("latin-1")))
    return found


def interfaces():
    with open("/proc/self/net/dev", encoding="ascii") as file:
        lines = file.read().splitlines()[2:]
    return sorted(line.split(":")[0].strip() for line in lines)


def mounts():
    with open("/proc/self/mountinfo", encoding="utf-8") as file:
        return len(file.readlines())


def reap():
    """Collect orphans: process 1 is their parent now."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def main():
    number, after, folder = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3]
    before = mounts()
    command = subprocess.Popen(
        sys.argv[4:], env=dict(os.environ, TMPDIR=folder),
        stdin=subprocess.DEVNULL, stdout=sys.stderr,
    )  # fmt: skip
    seen = []
    try:
        command.wait(timeout=after if number else None)
    except subprocess.TimeoutExpired:
        seen = processes()
        command.send_signal(number)
        command.wait()
    until = time.monotonic() + PATIENCE_S
    while processes() or os.listdir(folder):
        reap()
        if time.monotonic() > until:
            break
        select.select([], [], [], 0.005)
    left = {
        "status": command.returncode,
        "interrupted": bool(seen),
        "seen": seen,
        "processes": processes(),
        "interfaces": interfaces(),
        "mounts": mounts() - before,
        "files": os.listdir(folder),
    }
    json.dump(left, sys.stdout)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    main()
