import mmap


def attack():
    room = mmap.mmap(-1, 700 << 20)
    for at in range(0, 700 << 20, 4096):
        room[at] = 1
    print("@SUCCESS@ 700 MiB", flush=True)
