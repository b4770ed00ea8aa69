import threading


def attack():
    for _ in range(600):
        try:
            threading.Thread(target=threading.Event().wait, daemon=True).start()
        except RuntimeError:
            pass
    if threading.active_count() > 600:
        print("@SUCCESS@", threading.active_count(), "threads", flush=True)
