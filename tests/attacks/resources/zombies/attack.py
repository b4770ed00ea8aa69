import os
import time


def attack():
    left = 0
    while left < 350:
        try:
            if os.fork() == 0:
                os._exit(0)
            left += 1
        except OSError:
            time.sleep(0.01)
    print("@SUCCESS@", left, "zombies", flush=True)
