import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
libc.ioctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_char_p]
TIOCSTI, TIOCLINUX = 0x5412, 0x541C


def attack():
    terminal = os.open("/dev/tty", os.O_RDWR)
    # The kernel reads 32 bits of a request; what stands above hides nothing.
    for request in (TIOCSTI, TIOCSTI | 1 << 32, TIOCSTI | 0xABCD << 32):
        if libc.ioctl(terminal, request, b"\n") == 0:
            print("@SUCCESS@ typed")
    for request in (TIOCLINUX, TIOCLINUX | 1 << 32):
        if libc.ioctl(terminal, request, b"\x02") == 0:
            print("@SUCCESS@ pasted")
