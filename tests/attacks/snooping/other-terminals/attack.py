import os
import stat


def attack():
    own = {os.fstat(0).st_rdev} if os.isatty(0) else set()
    for place, _folders, files in os.walk("/dev"):
        for name in files:
            path = os.path.join(place, name)
            try:
                told = os.stat(path)
                if not stat.S_ISCHR(told.st_mode) or told.st_rdev in own:
                    continue
                major = os.major(told.st_rdev)
                if major in (4, 7) or 136 <= major < 144 or path == "/dev/kmsg":
                    os.close(os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK))
                    print("@SUCCESS@ opens", path)
            except OSError:
                pass
