import os


def attack():
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        try:
            with open("/proc/%s/cmdline" % name) as file:
                line = file.read().replace("\0", " ")
            os.kill(int(name), 0)
        except OSError:
            continue
        if "labrun" in line or "server.py" in line:
            print("@SUCCESS@ found", line)
