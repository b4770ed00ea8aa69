import os

USUAL = {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_CTYPE", "TERM", "PWD",
         "OLDPWD", "SHLVL", "_", "PYTHONDONTWRITEBYTECODE", "PYTHONPATH"}  # fmt: skip


def attack():
    found = set(os.environ)
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open("/proc/%s/environ" % name, errors="replace") as file:
                    found |= {w.split("=")[0] for w in file.read().split("\0") if w}
            except OSError:
                pass
    strange = sorted(found - USUAL)
    if strange:
        print("@SUCCESS@ reads", strange)
