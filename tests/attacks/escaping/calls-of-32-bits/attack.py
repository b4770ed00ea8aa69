import ctypes
import mmap
import os
import platform

# mov $20,%eax (getpid); int $0x80; ret
CODE = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"


def attack():
    if platform.machine() != "x86_64":
        return
    child = os.fork()
    if child == 0:
        room = mmap.mmap(-1, mmap.PAGESIZE, prot=7)
        room.write(CODE)
        start = ctypes.addressof(ctypes.c_char.from_buffer(room))
        if ctypes.CFUNCTYPE(ctypes.c_int)(start)() == os.getpid():
            print("@SUCCESS@ made a call of 32 bits", flush=True)
        os._exit(0)
    os.waitpid(child, 0)
