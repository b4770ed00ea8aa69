import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
libc.ptrace.restype = ctypes.c_long
SEIZE, DETACH = 0x4206, 17


def attack():
    own = {os.getpid(), os.getppid()}
    for pid in [int(name) for name in os.listdir("/proc") if name.isdigit()]:
        if pid in own:
            continue
        if libc.ptrace(SEIZE, pid, 0, 0) == 0:
            print("@SUCCESS@ traces", pid)
        for file in ("mem", "fd", "maps"):
            try:
                if pid != 1 and os.listdir("/proc/%d/fd" % pid):
                    print("@SUCCESS@ reads", file, "of", pid)
            except OSError:
                pass
    if libc.ptrace(SEIZE, int("@OUTER_PID@"), 0, 0) == 0:
        print("@SUCCESS@ traces a process outside")
