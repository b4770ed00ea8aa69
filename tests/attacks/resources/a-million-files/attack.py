def attack():
    made = 0
    for number in range(150000):
        try:
            open("f%d" % number, "w").close()
            made += 1
        except OSError:
            break
    if made == 150000:
        print("@SUCCESS@", made, "files", flush=True)
