import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NUMBERS = {"clone": (56, 220), "clone3": (435, 435)}


def call(name, *words):
    """A system call by its number: what it returned, or -1."""
    number = NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    words = [ctypes.c_long(w) if isinstance(w, int) else w for w in words]
    return libc.syscall(ctypes.c_long(number), *words)


NEW_USER, CHILD_ENDED = 0x10000000, 17


class Wanted(ctypes.Structure):
    """struct clone_args of linux/sched.h, as it was at first."""

    _fields_ = [(name, ctypes.c_uint64) for name in
                ("flags", "pidfd", "child_tid", "parent_tid", "exit_signal",
                 "stack", "stack_size", "tls")]  # fmt: skip


def made(how, *words):
    import os

    made = call(how, *words)
    if made == 0:
        os._exit(0)
    if made > 0:
        os.waitpid(made, 0)
        print("@SUCCESS@", how)


def attack():
    made("clone", NEW_USER | CHILD_ENDED, 0, 0, 0, 0)
    wanted = Wanted(flags=NEW_USER, exit_signal=CHILD_ENDED)
    made("clone3", ctypes.byref(wanted), ctypes.sizeof(wanted))
