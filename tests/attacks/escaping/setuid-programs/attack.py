import os
import subprocess


def attack():
    for place in ("/usr/bin", "/usr/sbin", "/usr/lib/openssh", "/usr/lib/dbus-1.0"):
        for name in sorted(os.listdir(place)) if os.path.isdir(place) else []:
            path = os.path.join(place, name)
            if os.path.isfile(path) and os.lstat(path).st_mode & 0o6000:
                run(path)


def run(path):
    """It waits for its input, and meanwhile the kernel says who it is."""
    try:
        program = subprocess.Popen([path, "-"], stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)  # fmt: skip
    except OSError:
        return
    try:
        with open("/proc/%d/status" % program.pid) as file:
            who = [line.split()[1:] for line in file if line[:4] in ("Uid:", "Gid:")]
        if any(set(numbers) != {str(os.getuid())} for numbers in who):
            print("@SUCCESS@", path, "runs as", who)
    except OSError:
        pass
    try:
        program.kill()
        program.communicate()
    except OSError:
        pass
