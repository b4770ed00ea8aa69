import ctypes
import os
import socket

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
libc.shmat.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_int]
KEY, CREATE, ONLY_IF_NEW = 0x31415, 0o1666, 0o3666


def attack():
    """Whoever comes first leaves a word; whoever comes second finds it."""
    shared_memory()
    for folder in ("/dev/shm", "/tmp", "/run", "/dev/mqueue", "/home"):
        in_folder(folder)
    name = "\0channel"
    mine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        mine.bind(name)
        mine.listen(1)
        KEPT.append(mine)
    except OSError:
        print("@SUCCESS@ met another on an abstract socket")


KEPT = []


def shared_memory():
    found = libc.shmget(KEY, 4096, 0)
    if found != -1:
        print("@SUCCESS@ met another in shared memory")
    libc.shmget(KEY, 4096, CREATE)
    queue = libc.msgget(KEY, 0)
    if queue != -1:
        print("@SUCCESS@ met another on a message queue")
    libc.msgget(KEY, CREATE)


def in_folder(folder):
    path = os.path.join(folder, "channel-of-two")
    try:
        if os.path.exists(path):
            print("@SUCCESS@ met another in", folder)
        with open(path, "w") as file:
            file.write("a word")
    except OSError:
        pass
