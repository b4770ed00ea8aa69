import os
import resource


def attack():
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    child = os.fork()
    if child == 0:
        kept = b"x" * (32 << 20)
        os.abort()
        print(len(kept))
    _, status = os.waitpid(child, 0)
    if os.WCOREDUMP(status):
        print("@SUCCESS@ core was dumped", flush=True)
