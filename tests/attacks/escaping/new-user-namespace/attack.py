import ctypes
import os

libc = ctypes.CDLL(None, use_errno=True)
NEW_NS, NEW_USER, NEW_NET = 0x00020000, 0x10000000, 0x40000000


def as_root_of_its_own():
    """With a user namespace of its own, a program has every capability."""
    print("@SUCCESS@ made a user namespace")
    if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
        print("@SUCCESS@ mounted")
    if libc.umount2(b"/home/student", 2) == 0:
        print("@SUCCESS@ unmounted")
    os.mkdir("/run/new")
    try:
        os.chroot("/run/new")
        print("@SUCCESS@ changed its root")
    except OSError:
        pass


def attack():
    space = os.open("/proc/self/ns/net", os.O_RDONLY)
    child = os.fork()
    if child == 0:
        try:
            if libc.unshare(NEW_USER | NEW_NS | NEW_NET) == 0:
                as_root_of_its_own()
            if libc.setns(space, NEW_NET) == 0:
                print("@SUCCESS@ entered a namespace")
        finally:
            os._exit(0)
    os.waitpid(child, 0)
