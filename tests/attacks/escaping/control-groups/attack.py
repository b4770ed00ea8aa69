import os


def attack():
    for path in ("/sys/fs/cgroup", "/sys/class/net", "/sys/kernel", "/sys/devices"):
        if os.path.isdir(path):
            print("@SUCCESS@ sees", path, os.listdir(path)[:3])
    for place in ("/sys/fs/cgroup", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/pids"):
        try:
            os.mkdir(place + "/mine")
            print("@SUCCESS@ has a control group", place)
            os.rmdir(place + "/mine")
        except OSError:
            pass
