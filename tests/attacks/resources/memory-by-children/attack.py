import os
import signal


def attack():
    ends = []
    for _ in range(12):
        ours, theirs = os.pipe()
        if os.fork() == 0:
            kept = [bytearray(b"x" * (1 << 20)) for _ in range(100)]
            os.write(theirs, b"x")
            signal.pause()
            del kept
        os.close(theirs)
        ends.append(ours)
    if all(os.read(end, 1) == b"x" for end in ends):
        print("@SUCCESS@ 1200 MiB", flush=True)
