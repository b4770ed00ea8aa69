import ctypes
import platform

libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NUMBERS = {
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "syslog": (103, 116),
    "acct": (163, 89),
    "swapon": (167, 224),
    "settimeofday": (164, 170),
    "sethostname": (170, 161),
    "kexec_load": (246, 104),
    "quotactl": (179, 60),
}


def call(name, *words):
    """A system call by its number: what it returned, or -1."""
    number = NUMBERS[name][0 if platform.machine() == "x86_64" else 1]
    words = [ctypes.c_long(w) if isinstance(w, int) else w for w in words]
    return libc.syscall(ctypes.c_long(number), *words)


def attack():
    room = ctypes.create_string_buffer(b"\0" * 4096, 4096)
    event = ctypes.create_string_buffer(b"\1\0\0\0\x70\0\0\0" + b"\0" * 104)
    map_of_one = ctypes.create_string_buffer(
        b"\2\0\0\0\4\0\0\0\4\0\0\0\1\0\0\0" + b"\0" * 112
    )
    tries = (
        ("init_module", room, 0, b""),
        ("finit_module", -1, b"", 0),
        ("delete_module", b"no_such_module", 0),
        ("bpf", 0, map_of_one, 128),
        ("perf_event_open", event, 0, -1, -1, 0),
        ("syslog", 3, room, 4096),
        ("acct", b"/tmp/accounts"),
        ("swapon", b"/tmp/no-such-file", 0),
        ("settimeofday", 0, 0),
        ("sethostname", b"h1", 2),
        ("kexec_load", 0, 0, 0, 0),
        ("quotactl", 0x800001, 0, 0, room),
    )
    for name, *words in tries:
        ctypes.set_errno(0)
        result = call(name, *words)
        # Another answer than EPERM: the call was looked at.
        if result >= 0 or ctypes.get_errno() not in (1, 38):
            print("@SUCCESS@", name, result, ctypes.get_errno())
