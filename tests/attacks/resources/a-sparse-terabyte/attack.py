import os


def attack():
    try:
        with open("hole", "wb") as file:
            file.truncate(1 << 40)
        if os.stat("hole").st_size == 1 << 40:
            print("@SUCCESS@ 1 TiB", flush=True)
    except OSError:
        pass
