import os


def attack():
    seen = 0
    for _ in range(12):
        try:
            os.fork()
        except OSError:
            pass
    while True:
        seen = sum(name.isdigit() for name in os.listdir("/proc"))
        if seen > 600:
            print("@SUCCESS@", seen, "processes", flush=True)
            return
