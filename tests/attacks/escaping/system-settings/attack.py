import os

SETTINGS = ("/proc/sys/kernel/core_pattern", "/proc/sys/kernel/hostname",
            "/proc/sys/vm/drop_caches", "/proc/sysrq-trigger",
            "/proc/sys/net/ipv4/ip_forward")  # fmt: skip


def attack():
    for path in SETTINGS:
        try:
            os.close(os.open(path, os.O_WRONLY))  # nothing is written
            print("@SUCCESS@ may write", path)
        except OSError:
            pass
