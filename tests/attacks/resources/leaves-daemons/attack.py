import ctypes
import os
import signal
import sys

NAME = "left-behind"
PR_SET_NAME = 15


def attack():
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/comm" % pid) as file:
                if file.read().strip() == NAME:
                    print("@SUCCESS@ a daemon runs", flush=True)
        except OSError:
            pass
    if os.path.basename(sys.argv[0]) == "server.py":
        for _ in range(5):
            first = os.fork()
            if first:
                os.waitpid(first, 0)
            else:
                daemon()


def daemon():
    os.setsid()
    if os.fork():
        os._exit(0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    ctypes.CDLL(None).prctl(PR_SET_NAME, NAME.encode(), 0, 0, 0)
    os.closerange(0, 256)
    while True:
        signal.pause()
