import os


def attack():
    for name in os.listdir("/proc"):
        if not name.isdigit():
            continue
        for file in ("cmdline", "comm", "status"):
            try:
                with open("/proc/%s/%s" % (name, file), errors="replace") as told:
                    line = told.read().replace("\0", " ")
            except OSError:
                continue
            if "labrun" in line or "client.py" in line:
                print("@SUCCESS@ sees", name, line[:80])
    for link in ("/proc/1/root", "/proc/1/cwd", "/proc/self/root"):
        if os.path.exists(link + "/root/.profile") or os.path.exists(link + "/boot"):
            print("@SUCCESS@ looks out through", link)
