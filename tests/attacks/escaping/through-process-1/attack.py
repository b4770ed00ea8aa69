import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long] * 4
libc.ptrace.restype = ctypes.c_long
SEIZE, DETACH, INTERRUPT = 0x4206, 17, 0x4207


def attack():
    child = os.fork()
    if child == 0:
        if libc.ptrace(SEIZE, 1, 0, 0) == 0:
            print("@SUCCESS@ can make process 1 call what it likes", flush=True)
            libc.ptrace(INTERRUPT, 1, 0, 0)
            os.waitpid(1, 0x40000000)
            libc.ptrace(DETACH, 1, 0, 0)
        os._exit(0)
    os.waitpid(child, 0)
