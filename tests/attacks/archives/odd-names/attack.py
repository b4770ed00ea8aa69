"""Nothing is tried while the programs run; the names are the attack."""


def attack() -> None:
    pass
