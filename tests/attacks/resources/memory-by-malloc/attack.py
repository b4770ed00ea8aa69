def attack():
    kept = []
    for _ in range(700):
        kept.append(bytearray(b"x" * (1 << 20)))
    print("@SUCCESS@ 700 MiB", flush=True)
