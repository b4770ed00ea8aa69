import os


def attack():
    line = b"y" * 79 + b"\n"
    for _ in range(52):
        os.write(1, line * 1024)
    while True:
        os.write(1, b"@SUCCESS@ more than 4 MiB\n" + line * 1024)
