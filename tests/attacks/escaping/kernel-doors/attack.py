import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NUMBERS = {
    "userfaultfd": (323, 282),
    "io_uring_setup": (425, 425),
    "fanotify_init": (300, 262),
    "name_to_handle_at": (303, 264),
    "fsopen": (430, 430),
}


def call(name, *words):
    """A system call by its number: what it returned, or -1."""
    number = NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    words = [ctypes.c_long(w) if isinstance(w, int) else w for w in words]
    return libc.syscall(ctypes.c_long(number), *words)


def attack():
    parameters = ctypes.create_string_buffer(256)
    handle = ctypes.create_string_buffer(b"\x80\0\0\0", 256)
    number = ctypes.c_int()
    tries = (
        ("userfaultfd", 1),
        ("io_uring_setup", 8, parameters),
        ("fanotify_init", 0x600, 0),
        ("name_to_handle_at", -100, b"/usr", handle, ctypes.byref(number), 0),
    )
    for name, *words in tries:
        if call(name, *words) >= 0:
            print("@SUCCESS@", name)
