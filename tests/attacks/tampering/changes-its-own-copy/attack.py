import os

# Each run has a network of its own. What is started twice in one run may
# find its own folder again.
HERE = os.readlink("/proc/self/ns/net")


def attack():
    for place in ("note", "/tmp/note", "/dev/shm/note", "/var/tmp/note"):
        if os.path.exists(place):
            with open(place) as file:
                if file.read() != HERE:
                    print("@SUCCESS@ an earlier run left", place)
        with open(place, "w") as file:
            file.write(HERE)
    if os.path.exists("changed-in"):
        with open("changed-in") as file:
            if file.read() != HERE:
                print("@SUCCESS@ this source was changed by an earlier run")
    with open("server.py", "a") as file:
        file.write("\n# changed\n")
    with open("changed-in", "w") as file:
        file.write(HERE)
