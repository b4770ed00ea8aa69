def attack():
    written = 0
    for number in range(50):
        try:
            with open("f%d" % number, "wb") as file:
                file.write(b"x" * (8 << 20))
                written += 8
        except OSError:
            pass
    if written > 200:
        print("@SUCCESS@", written, "MiB", flush=True)
