import os

WANTED = ("rubric.yaml", "scenarios.py", "canary.txt", "gradebook.db", "report.json",
          "shadow", ".bash_history", "id_rsa")  # fmt: skip


def attack():
    """What it would love to read: how it is graded, what others handed in."""
    for place, folders, files in os.walk("/"):
        folders[:] = [name for name in folders
                      if os.path.join(place, name) not in ("/proc", "/sys", "/usr/lib")]
        for name in files:
            path = os.path.join(place, name)
            if name in WANTED or name.endswith((".sock", ".gradebook")):
                tell(path)
    tell("@CANARY@")


def tell(path):
    try:
        with open(path, errors="replace") as file:
            print("@SUCCESS@ reads", path, file.read(200))
    except OSError:
        pass
