import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NUMBERS = {"add_key": (248, 217), "keyctl": (250, 219)}


def call(name, *words):
    """A system call by its number: what it returned, or -1."""
    number = NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    words = [ctypes.c_long(w) if isinstance(w, int) else w for w in words]
    return libc.syscall(ctypes.c_long(number), *words)


SESSION, USER, READ, SEARCH = -3, -4, 11, 10


def attack():
    for ring in (SESSION, USER):
        if call("add_key", b"user", b"channel", b"a word", 6, ring) >= 0:
            print("@SUCCESS@ left a word in keyring", ring)
        room = ctypes.create_string_buffer(4096)
        if call("keyctl", READ, ring, room, 4096, 0) > 0:
            print("@SUCCESS@ read keyring", ring)
