def attack():
    kept = []
    for _ in range(1400):
        kept.append(bytearray(b"x" * (1 << 20)))
    print("@SUCCESS@ 1400 MiB", flush=True)
