def attack():
    written = 0
    for folder in ("/dev/shm", "/tmp", "/run"):
        try:
            with open(folder + "/x", "wb") as file:
                for _ in range(60):
                    file.write(b"x" * (1 << 20))
                    file.flush()
                    written += 1
        except OSError:
            pass
    if written > 100:
        print("@SUCCESS@", written, "MiB", flush=True)
