import os


def attack():
    made = 0
    for number in range(72000):
        try:
            os.mknod("f%d" % number)
            made += 1
        except OSError:
            break
    if made == 72000:
        print("@SUCCESS@", made, "files", flush=True)
    while True:
        try:
            os.mknod("g%d" % made)
            made += 1
        except OSError:
            pass
